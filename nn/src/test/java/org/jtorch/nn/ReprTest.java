package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.activation.Softmax;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.MSELoss;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.pooling.MaxPool2dWithIndices;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares the text of each layer with PyTorch's. */
class ReprTest {

    private static final Map<String, Supplier<Module<?, ?>>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("nn.Linear(10, 8)", () -> new Linear(10, 8));
        LAYERS.put("nn.Linear(10, 8, bias=False)", () -> new Linear(10, 8, o -> o.bias(false)));
        LAYERS.put("nn.Identity(54, unused=1)", () -> new Identity(54, 1));
        LAYERS.put("nn.Conv2d(3, 64, 7)", () -> new Conv2d(3, 64, 7));
        LAYERS.put(
                "nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)",
                () -> new Conv2d(3, 64, 7, o -> o.stride(2).padding(3).bias(false)));
        LAYERS.put(
                "nn.Conv2d(4, 8, (3, 5), stride=(1, 2), padding=(1, 0), dilation=2, groups=4)",
                () -> new Conv2d(4, 8, new long[] {3, 5}, o -> o.stride(1, 2)
                        .padding(1, 0)
                        .dilation(2)
                        .groups(4)));
        LAYERS.put(
                "nn.Conv2d(4, 4, 3, padding='same', padding_mode='reflect')",
                () -> new Conv2d(4, 4, 3, o -> o.padding("same").paddingMode(PaddingMode.REFLECT)));
        LAYERS.put("nn.Conv2d(4, 4, 3, padding='valid')", () -> new Conv2d(4, 4, 3, o -> o.padding("valid")));
        LAYERS.put(
                "nn.Conv2d(4, 4, 3, padding=(0, 2), padding_mode='replicate')",
                () -> new Conv2d(4, 4, 3, o -> o.padding(0, 2).paddingMode(PaddingMode.REPLICATE)));
        LAYERS.put("nn.BatchNorm1d(10)", () -> new BatchNorm1d(10));
        LAYERS.put(
                "nn.BatchNorm2d(10, eps=0.001, momentum=None)",
                () -> new BatchNorm2d(10, o -> o.eps(0.001).momentum(null)));
        LAYERS.put(
                "nn.BatchNorm2d(10, affine=False, track_running_stats=False)",
                () -> new BatchNorm2d(10, o -> o.affine(false).trackRunningStats(false)));
        LAYERS.put("nn.BatchNorm2d(10, bias=False)", () -> new BatchNorm2d(10, o -> o.bias(false)));
        LAYERS.put("nn.LayerNorm(5)", () -> new LayerNorm(5));
        LAYERS.put(
                "nn.LayerNorm((2, 5), eps=1e-12, bias=False)",
                () -> new LayerNorm(new long[] {2, 5}, o -> o.eps(1e-12).bias(false)));
        LAYERS.put(
                "nn.LayerNorm((2, 5), elementwise_affine=False)",
                () -> new LayerNorm(new long[] {2, 5}, o -> o.elementwiseAffine(false)));
        LAYERS.put("nn.Embedding(4, 3)", () -> new Embedding(4, 3));
        LAYERS.put(
                "nn.Embedding(7, 3, padding_idx=-1, max_norm=0.5, norm_type=1.0, scale_grad_by_freq=True, sparse=True)",
                () -> new Embedding(7, 3, o -> o.paddingIdx(-1)
                        .maxNorm(0.5)
                        .normType(1.0)
                        .scaleGradByFreq(true)
                        .sparse(true)));
        LAYERS.put("nn.Dropout()", Dropout::new);
        LAYERS.put("nn.Dropout(0.2)", () -> new Dropout(0.2));
        LAYERS.put(
                "nn.Dropout(p=0.0, inplace=True)",
                () -> new Dropout(o -> o.p(0.0).inplace(true)));
        LAYERS.put("nn.ReLU()", ReLU::new);
        LAYERS.put("nn.ReLU(inplace=True)", () -> new ReLU(o -> o.inplace(true)));
        LAYERS.put("nn.GELU()", GELU::new);
        LAYERS.put("nn.GELU(approximate='tanh')", () -> new GELU(o -> o.approximate("tanh")));
        LAYERS.put("nn.Sigmoid()", Sigmoid::new);
        LAYERS.put("nn.Tanh()", Tanh::new);
        LAYERS.put("nn.Softmax(dim=-1)", () -> new Softmax(-1));
        LAYERS.put("nn.Flatten()", Flatten::new);
        LAYERS.put(
                "nn.Flatten(start_dim=0, end_dim=1)",
                () -> new Flatten(o -> o.startDim(0).endDim(1)));
        LAYERS.put("nn.MaxPool2d(2)", () -> new MaxPool2d(2));
        LAYERS.put(
                "nn.MaxPool2d((3, 2), stride=2, padding=(1, 0), dilation=2, ceil_mode=True)",
                () -> new MaxPool2d(
                        new long[] {3, 2},
                        o -> o.stride(2).padding(1, 0).dilation(2).ceilMode(true)));
        LAYERS.put("nn.MaxPool2d(3, return_indices=True)", () -> new MaxPool2dWithIndices(3));
        LAYERS.put("nn.AdaptiveAvgPool2d(3)", () -> new AdaptiveAvgPool2d(3));
        LAYERS.put("nn.AdaptiveAvgPool2d((3, None))", () -> new AdaptiveAvgPool2d(3, null));
        LAYERS.put("nn.CrossEntropyLoss(ignore_index=1)", () -> new CrossEntropyLoss(o -> o.ignoreIndex(1)));
        LAYERS.put("nn.MSELoss(reduction='sum')", () -> new MSELoss(o -> o.reduction(Reduction.SUM)));
        LAYERS.put("nn.ModuleList()", ModuleList::new);
        LAYERS.put(
                "nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2)])",
                () -> new ModuleList<Layer>(new Linear(2, 2), new Linear(2, 2), new ReLU(), new Linear(2, 2)));
        LAYERS.put("nn.ModuleList([nn.Sequential(nn.Linear(2, 2), nn.ReLU()) for _ in range(3)])", () -> {
            ModuleList<Sequential> list = new ModuleList<>();
            for (int i = 0; i < 3; i++) {
                list.add(new Sequential(new Linear(2, 2), new ReLU()));
            }
            return list;
        });
        LAYERS.put("nn.Sequential()", Sequential::new);
        LAYERS.put(
                "nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 2)))",
                () -> new Sequential(new Linear(2, 3), new Sequential(new ReLU(), new Linear(3, 2))));
        LAYERS.put("nn.Sequential(OrderedDict(first=nn.Linear(2, 3), act=nn.Tanh()))", () -> {
            Map<String, Layer> steps = new LinkedHashMap<>();
            steps.put("first", new Linear(2, 3));
            steps.put("act", new Tanh());
            return new Sequential(steps);
        });
    }

    @Test
    void everyRecordedTextIsTried() {
        assertEquals(Recording.read("repr.txt").keySet(), LAYERS.keySet());
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> reprEqualsPyTorchs() {
        return Recording.read("repr.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey(),
                        () -> assertEquals(
                                e.getValue(), LAYERS.get(e.getKey()).get().toString())));
    }
}
