"""The rename tables that netspec ships: from the checkpoint's keys to the model's, the first rule that fits decides."""

from __future__ import annotations

from collections.abc import Mapping

#: Convolution and norm of torchvision's ResNets as the two members of a `std/conv` ConvModule.
_RESNET: Mapping[str, str | None] = {
    "conv1.*": "conv1.conv.*",
    "bn1.*": "conv1.bn.*",
    "layer{i}.{j}.conv{k}.*": "layer{i}.{j}.conv{k}.conv.*",
    "layer{i}.{j}.bn{k}.*": "layer{i}.{j}.conv{k}.bn.*",
}

TABLES: Mapping[str, Mapping[str, str | None]] = {
    # torchvision's ResNet to the ResNet3d of specs/pyskl and specs/mmaction2
    "torchvision": {
        **_RESNET,
        "layer{i}.{j}.downsample.0.*": "layer{i}.{j}.downsample.conv.*",
        "layer{i}.{j}.downsample.1.*": "layer{i}.{j}.downsample.bn.*",
    },
    # the same where `advanced=True` puts the projection into a list, before its pooling
    "torchvision-advanced": {
        **_RESNET,
        "layer{i}.{j}.downsample.0.*": "layer{i}.{j}.downsample.0.conv.*",
        "layer{i}.{j}.downsample.1.*": "layer{i}.{j}.downsample.0.bn.*",
    },
    # ResNet-D, whose projection pools first: downsample.0 is the pooling, without weights
    "resnet-d-advanced": {
        **_RESNET,
        "layer{i}.{j}.downsample.1.*": "layer{i}.{j}.downsample.0.conv.*",
        "layer{i}.{j}.downsample.2.*": "layer{i}.{j}.downsample.0.bn.*",
    },
    # what nn.DataParallel and DistributedDataParallel put before every key
    "data-parallel": {"module.**": "**"},
}
