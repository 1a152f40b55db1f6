"""What reported.py scripts: torch.jit.script reads the source of classes from their file."""

import enum
from typing import Dict, Final, List, NamedTuple, Optional, Tuple

import torch
from torch import nn


@torch.jit.script
class Box:
    def __init__(self, x: torch.Tensor, n: int):
        self.x = x
        self.n = n

    def area(self) -> torch.Tensor:
        return self.x * self.n


class UsesBox(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(1, 1)
        self.box = Box(torch.ones(2), 3)

    def forward(self, x: torch.Tensor):
        return Box(self.l(x), 2).area() + self.box.n


class Mode(enum.Enum):
    TRAIN = 1
    TEST = 2


class UsesEnum(nn.Module):
    def __init__(self, mode: Mode = Mode.TEST):
        super().__init__()
        self.mode = mode
        self.w = nn.Parameter(torch.ones(2))

    def forward(self, x: torch.Tensor):
        return x * self.w if self.mode == Mode.TEST else x


class Constants(nn.Module):
    __constants__ = ["size", "name"]
    eps: Final[float]
    dims: Final[Tuple[int, int]]

    def __init__(self):
        super().__init__()
        self.size, self.name, self.eps, self.dims, self.flag = 3, "n", 1e-5, (1, 2), True
        self.nothing: Optional[torch.Tensor] = None
        self.register_parameter("none", None)
        self.register_buffer("scale", torch.full((3,), 2.0, dtype=torch.float64))
        self.w = nn.Parameter(torch.ones(3).half())

    def forward(self, x: torch.Tensor):
        return x * self.scale + self.eps + self.size + self.dims[0]


class Pair(NamedTuple):
    a: torch.Tensor
    b: int


class Pairs(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.pair = Pair(torch.zeros(1), 2)

    def forward(self, x: torch.Tensor) -> Pair:
        return Pair(x * self.w, 2)


@torch.jit.interface
class Layer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Half(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.w


class ThroughInterface(nn.Module):
    layer: Layer

    def __init__(self):
        super().__init__()
        self.layer = Half()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer.forward(x)


class Containers(nn.Module):
    cache: Dict[str, torch.Tensor]
    history: List[torch.Tensor]
    maybe: Optional[torch.Tensor]

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.cache = {"a": torch.zeros(1)}
        self.history = [torch.zeros(2)]
        self.maybe = torch.ones(1)
        self.sizes = [1, 2]

    def forward(self, x: torch.Tensor):
        return x * self.w + self.cache["a"]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.b = nn.Linear(2, 2)
        self.b.weight = self.a.weight

    def forward(self, x: torch.Tensor):
        return self.b(self.a(x))


class Lists(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Identity(), Half()])
        self.named = nn.ModuleDict({"x": nn.Linear(2, 1), "y": nn.BatchNorm1d(2)})

    def forward(self, x: torch.Tensor):
        for layer in self.layers:
            x = layer(x)
        return x


def twice(x: torch.Tensor) -> torch.Tensor:
    return x + x * torch.tensor([1.0, 2.0])


class Methods(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(2, 2)

    @torch.jit.export
    def other(self, x: torch.Tensor):
        return twice(x)

    @torch.jit.unused
    def never(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def forward(self, x: torch.Tensor):
        return twice(self.l(x))


class OwnState(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))

    @torch.jit.export
    def __getstate__(self):
        return self.w * 2, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[torch.Tensor, bool]):
        self.w = state[0] / 2
        self.training = state[1]

    def forward(self, x: torch.Tensor):
        return x * self.w


class HasOwnState(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(1, 1)
        self.own = OwnState()

    def forward(self, x: torch.Tensor):
        return self.own(self.l(x))


class Float8(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("f", torch.ones(2).to(torch.float8_e4m3fn))
        self.register_buffer("u", torch.ones(2).to(torch.uint16))
        self.register_buffer("c", torch.ones(2, dtype=torch.complex64).to(torch.complex32))
        self.register_buffer("conj", torch.tensor([1 + 2j, 3 - 4j]).conj())
        self.register_buffer("neg", torch.tensor([1 + 2j, 3 - 4j]).conj().imag)
        self.register_buffer("sparse", torch.eye(2).to_sparse())
        self.register_buffer("meta", torch.empty(2, device="meta"))

    def forward(self, x: torch.Tensor):
        return x


def detector():
    import torchvision
    from torchvision.models.detection import FasterRCNN
    from torchvision.models.detection.rpn import AnchorGenerator

    backbone = nn.Sequential(nn.Conv2d(3, 2, 3, padding=1))
    backbone.out_channels = 2
    model = FasterRCNN(
        backbone,
        rpn_anchor_generator=AnchorGenerator(((8,),), ((1.0,),)),
        box_roi_pool=torchvision.ops.MultiScaleRoIAlign(["0"], 2, 1),
        box_head=torchvision.models.detection.faster_rcnn.TwoMLPHead(8, 4),
        box_predictor=torchvision.models.detection.faster_rcnn.FastRCNNPredictor(4, 2),
    )
    return torch.jit.script(model.eval())
