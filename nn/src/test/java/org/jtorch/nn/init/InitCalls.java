package org.jtorch.nn.init;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** The expressions that parity/record/init.py evaluated, in Java. */
final class InitCalls {

    static final Map<String, Supplier<Object>> CALLS = new LinkedHashMap<>();

    private InitCalls() {}

    private static Tensor empty(long... shape) {
        return Torch.empty(shape);
    }

    private static Tensor empty(DType dtype, long... shape) {
        return Torch.empty(shape, dtype);
    }

    private static Tensor zeros(long... shape) {
        return Torch.zeros(shape);
    }

    private static Tensor zeros(DType dtype, long... shape) {
        return Torch.zeros(shape, dtype);
    }

    private static Generator generator() {
        return new Generator().manualSeed(7);
    }

    static {
        CALLS.put("init.uniform_(torch.empty(3, 5))", () -> Init.uniform_(empty(3, 5)));
        CALLS.put("init.uniform_(torch.empty(3, 5), -2.0, 3.0)", () -> Init.uniform_(empty(3, 5), -2.0, 3.0));
        CALLS.put(
                "init.uniform_(torch.empty(3), 0.0, 1.0, generator=generator())",
                () -> Init.uniform_(empty(3), 0.0, 1.0, generator()));
        CALLS.put(
                "init.uniform_(torch.empty(3, 5, dtype=torch.float64))",
                () -> Init.uniform_(empty(DType.FLOAT64, 3, 5)));
        CALLS.put(
                "init.uniform_(torch.empty(5, 3).t())",
                () -> Init.uniform_(empty(5, 3).t()));
        CALLS.put("init.normal_(torch.empty(3, 4))", () -> Init.normal_(empty(3, 4)));
        CALLS.put("init.normal_(torch.empty(5, 7), 1.0, 0.5)", () -> Init.normal_(empty(5, 7), 1.0, 0.5));
        CALLS.put(
                "init.normal_(torch.empty(5, 7, dtype=torch.float64))", () -> Init.normal_(empty(DType.FLOAT64, 5, 7)));
        CALLS.put(
                "init.normal_(torch.empty(3, 4), 0.0, 1.0, generator=generator())",
                () -> Init.normal_(empty(3, 4), 0.0, 1.0, generator()));
        CALLS.put(
                "init.normal_(torch.empty(7, 5).t())",
                () -> Init.normal_(empty(7, 5).t()));
        CALLS.put("init.constant_(torch.empty(2), 0.3)", () -> Init.constant_(empty(2), 0.3));
        CALLS.put(
                "init.constant_(torch.empty(2, dtype=torch.int64), 3)", () -> Init.constant_(empty(DType.INT64, 2), 3));
        CALLS.put("init.ones_(torch.empty(2))", () -> Init.ones_(empty(2)));
        CALLS.put("init.zeros_(torch.empty(2))", () -> Init.zeros_(empty(2)));
        CALLS.put("init.eye_(torch.empty(2, 3))", () -> Init.eye_(empty(2, 3)));
        CALLS.put("init.eye_(torch.empty(3, 2, dtype=torch.float64))", () -> Init.eye_(empty(DType.FLOAT64, 3, 2)));
        CALLS.put(
                "init.eye_(torch.empty(2, 2, requires_grad=True))",
                () -> Init.eye_(empty(2, 2).requiresGrad_()));
        CALLS.put("init.dirac_(torch.empty(3, 4, 3))", () -> Init.dirac_(empty(3, 4, 3)));
        CALLS.put("init.dirac_(torch.empty(4, 3, 2, 3))", () -> Init.dirac_(empty(4, 3, 2, 3)));
        CALLS.put("init.dirac_(torch.empty(4, 2, 3, 3), 2)", () -> Init.dirac_(empty(4, 2, 3, 3), 2));
        CALLS.put("init.dirac_(torch.empty(6, 1, 2, 3, 2), groups=3)", () -> Init.dirac_(empty(6, 1, 2, 3, 2), 3));
        CALLS.put("init.dirac_(torch.empty(2, 4, 1), groups=2)", () -> Init.dirac_(empty(2, 4, 1), 2));
        CALLS.put("init.dirac_(torch.empty(0, 2, 3))", () -> Init.dirac_(empty(0, 2, 3)));
        CALLS.put("init.xavier_uniform_(torch.empty(3, 5))", () -> Init.xavierUniform_(empty(3, 5)));
        CALLS.put("init.xavier_uniform_(torch.empty(3, 2, 2), 1.5)", () -> Init.xavierUniform_(empty(3, 2, 2), 1.5));
        CALLS.put(
                "init.xavier_uniform_(torch.empty(3, 5), gain=init.calculate_gain('relu'), generator=generator())",
                () -> Init.xavierUniform_(empty(3, 5), Init.calculateGain(Nonlinearity.RELU), generator()));
        CALLS.put("init.xavier_normal_(torch.empty(3, 5))", () -> Init.xavierNormal_(empty(3, 5)));
        CALLS.put("init.xavier_normal_(torch.empty(3, 2, 2), 1.5)", () -> Init.xavierNormal_(empty(3, 2, 2), 1.5));
        CALLS.put(
                "init.xavier_normal_(torch.empty(3, 5), generator=generator())",
                () -> Init.xavierNormal_(empty(3, 5), 1, generator()));
        CALLS.put("init.kaiming_uniform_(torch.empty(3, 5))", () -> Init.kaimingUniform_(empty(3, 5)));
        CALLS.put(
                "init.kaiming_uniform_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')",
                () -> Init.kaimingUniform_(empty(3, 2, 2), o -> o.a(0.2).mode(FanMode.FAN_OUT)));
        CALLS.put(
                "init.kaiming_uniform_(torch.empty(3, 5), nonlinearity='tanh')",
                () -> Init.kaimingUniform_(empty(3, 5), o -> o.nonlinearity(Nonlinearity.TANH)));
        CALLS.put(
                "init.kaiming_uniform_(torch.empty(3, 5), generator=generator())",
                () -> Init.kaimingUniform_(empty(3, 5), o -> o.generator(generator())));
        CALLS.put("init.kaiming_normal_(torch.empty(3, 5))", () -> Init.kaimingNormal_(empty(3, 5)));
        CALLS.put(
                "init.kaiming_normal_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')",
                () -> Init.kaimingNormal_(empty(3, 2, 2), o -> o.a(0.2).mode(FanMode.FAN_OUT)));
        CALLS.put(
                "init.kaiming_normal_(torch.empty(3, 5), nonlinearity='relu')",
                () -> Init.kaimingNormal_(empty(3, 5), o -> o.nonlinearity(Nonlinearity.RELU)));
        CALLS.put(
                "init.kaiming_normal_(torch.empty(3, 5), nonlinearity='selu', generator=generator())",
                () -> Init.kaimingNormal_(
                        empty(3, 5), o -> o.nonlinearity(Nonlinearity.SELU).generator(generator())));
        CALLS.put("init.trunc_normal_(torch.empty(4, 9))", () -> Init.truncNormal_(empty(4, 9)));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), std=0.02)",
                () -> Init.truncNormal_(empty(4, 9), 0, 0.02, -2, 2));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=0.5, std=0.02, a=0.49, b=0.6)",
                () -> Init.truncNormal_(empty(4, 9), 0.5, 0.02, 0.49, 0.6));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=0.0, std=1.0, a=2.0, b=3.0)",
                () -> Init.truncNormal_(empty(4, 9), 0.0, 1.0, 2.0, 3.0));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=0.0, std=1.0, a=-0.1, b=0.1)",
                () -> Init.truncNormal_(empty(4, 9), 0.0, 1.0, -0.1, 0.1));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9, dtype=torch.float64), mean=1.0, std=2.0, a=0.0, b=5.0)",
                () -> Init.truncNormal_(empty(DType.FLOAT64, 4, 9), 1.0, 2.0, 0.0, 5.0));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), generator=generator())",
                () -> Init.truncNormal_(empty(4, 9), 0, 1, -2, 2, generator()));
        CALLS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=4.0, std=1.0, a=0.0, b=1.0)",
                () -> Init.truncNormal_(empty(4, 9), 4.0, 1.0, 0.0, 1.0));
        CALLS.put("init.trunc_normal_(torch.empty(0))", () -> Init.truncNormal_(empty(0)));
        CALLS.put("init.sparse_(torch.empty(6, 4), 0.3)", () -> Init.sparse_(empty(6, 4), 0.3));
        CALLS.put("init.sparse_(torch.empty(6, 4), sparsity=0.9, std=0.5)", () -> Init.sparse_(empty(6, 4), 0.9, 0.5));
        CALLS.put("init.sparse_(torch.empty(6, 4), 0.0)", () -> Init.sparse_(empty(6, 4), 0.0));
        CALLS.put("init.sparse_(torch.empty(6, 4), 1.0)", () -> Init.sparse_(empty(6, 4), 1.0));
        CALLS.put("init.sparse_(torch.empty(3, 4), 1.5)", () -> Init.sparse_(empty(3, 4), 1.5));
        CALLS.put("init.sparse_(torch.empty(6, 4), -0.4)", () -> Init.sparse_(empty(6, 4), -0.4));
        CALLS.put(
                "init.sparse_(torch.empty(6, 4), 0.5, generator=generator())",
                () -> Init.sparse_(empty(6, 4), 0.5, 0.01, generator()));
        CALLS.put("init.uniform_(torch.empty(500, 700), -0.25, 0.5)", () -> Init.uniform_(empty(500, 700), -0.25, 0.5));
        CALLS.put("init.normal_(torch.empty(500, 700), 0.1, 3.0)", () -> Init.normal_(empty(500, 700), 0.1, 3.0));
        CALLS.put("init.xavier_uniform_(torch.empty(512, 300))", () -> Init.xavierUniform_(empty(512, 300)));
        CALLS.put("init.xavier_normal_(torch.empty(512, 300))", () -> Init.xavierNormal_(empty(512, 300)));
        CALLS.put(
                "init.kaiming_uniform_(torch.empty(64, 32, 3, 3), a=5**0.5)",
                () -> Init.kaimingUniform_(empty(64, 32, 3, 3), o -> o.a(Math.sqrt(5))));
        CALLS.put(
                "init.kaiming_normal_(torch.empty(64, 32, 7, 7), mode='fan_out', nonlinearity='relu')",
                () -> Init.kaimingNormal_(
                        empty(64, 32, 7, 7), o -> o.mode(FanMode.FAN_OUT).nonlinearity(Nonlinearity.RELU)));
        CALLS.put(
                "init.trunc_normal_(torch.empty(768, 300), std=0.02)",
                () -> Init.truncNormal_(empty(768, 300), 0, 0.02, -2, 2));
        CALLS.put(
                "init.trunc_normal_(torch.empty(300, 200), std=1.0, a=-0.5, b=0.5)",
                () -> Init.truncNormal_(empty(300, 200), 0, 1.0, -0.5, 0.5));
        CALLS.put(
                "init.trunc_normal_(torch.empty(300, 200), std=0.7)",
                () -> Init.truncNormal_(empty(300, 200), 0, 0.7, -2, 2));
        CALLS.put("init.sparse_(torch.empty(100, 80), 0.1)", () -> Init.sparse_(empty(100, 80), 0.1));
        CALLS.put("init.dirac_(torch.empty(128, 64, 3, 3), 2)", () -> Init.dirac_(empty(128, 64, 3, 3), 2));
        CALLS.put("init.orthogonal_(torch.empty(3, 3))", () -> Init.orthogonal_(empty(3, 3)));
        CALLS.put("init.orthogonal_(torch.empty(3, 5))", () -> Init.orthogonal_(empty(3, 5)));
        CALLS.put("init.orthogonal_(torch.empty(5, 3))", () -> Init.orthogonal_(empty(5, 3)));
        CALLS.put("init.orthogonal_(torch.empty(4, 2, 3), gain=2.0)", () -> Init.orthogonal_(empty(4, 2, 3), 2.0));
        CALLS.put(
                "init.orthogonal_(torch.empty(8, 2, 3), gain=init.calculate_gain('tanh'))",
                () -> Init.orthogonal_(empty(8, 2, 3), Init.calculateGain(Nonlinearity.TANH)));
        CALLS.put("init.orthogonal_(torch.empty(40, 30))", () -> Init.orthogonal_(empty(40, 30)));
        CALLS.put(
                "init.orthogonal_(torch.empty(4, 4, dtype=torch.float64))",
                () -> Init.orthogonal_(empty(DType.FLOAT64, 4, 4)));
        CALLS.put(
                "init.orthogonal_(torch.empty(4, 4), generator=generator())",
                () -> Init.orthogonal_(empty(4, 4), 1, generator()));
        CALLS.put("init.orthogonal_(torch.empty(0, 4))", () -> Init.orthogonal_(empty(0, 4)));
        CALLS.put("init.orthogonal_(torch.empty(1, 1))", () -> Init.orthogonal_(empty(1, 1)));
        CALLS.put("init.eye_(torch.zeros(3))", () -> Init.eye_(zeros(3)));
        CALLS.put("init.eye_(torch.zeros(3, 3, 3))", () -> Init.eye_(zeros(3, 3, 3)));
        CALLS.put("init.dirac_(torch.zeros(3, 3))", () -> Init.dirac_(zeros(3, 3)));
        CALLS.put("init.dirac_(torch.zeros(1, 1, 1, 1, 1, 1))", () -> Init.dirac_(zeros(1, 1, 1, 1, 1, 1)));
        CALLS.put("init.dirac_(torch.zeros(3, 3, 3), 2)", () -> Init.dirac_(zeros(3, 3, 3), 2));
        CALLS.put("init.sparse_(torch.zeros(3), 0.5)", () -> Init.sparse_(zeros(3), 0.5));
        CALLS.put("init.sparse_(torch.zeros(3, 3, 3), 0.5)", () -> Init.sparse_(zeros(3, 3, 3), 0.5));
        CALLS.put("init.sparse_(torch.zeros(3, 3), float('nan'))", () -> Init.sparse_(zeros(3, 3), Double.NaN));
        CALLS.put("init.orthogonal_(torch.zeros(3))", () -> Init.orthogonal_(zeros(3)));
        CALLS.put("init.xavier_uniform_(torch.zeros(3))", () -> Init.xavierUniform_(zeros(3)));
        CALLS.put("init.xavier_normal_(torch.tensor(1.0))", () -> Init.xavierNormal_(Torch.tensor(1.0)));
        CALLS.put("init.kaiming_uniform_(torch.zeros(3))", () -> Init.kaimingUniform_(zeros(3)));
        CALLS.put("init.kaiming_normal_(torch.zeros(3))", () -> Init.kaimingNormal_(zeros(3)));
        CALLS.put(
                "init.kaiming_normal_(torch.zeros(3, 3), mode='fan_avg')",
                () -> Init.kaimingNormal_(zeros(3, 3), o -> o.mode(FanMode.of("fan_avg"))));
        CALLS.put(
                "init.kaiming_normal_(torch.zeros(3, 3), nonlinearity='swish')",
                () -> Init.kaimingNormal_(zeros(3, 3), o -> o.nonlinearity(Nonlinearity.of("swish"))));
        CALLS.put("init.calculate_gain('gelu')", () -> Init.calculateGain(Nonlinearity.of("gelu")));
        CALLS.put("init.uniform_(torch.zeros(3), 2.0, 1.0)", () -> Init.uniform_(zeros(3), 2.0, 1.0));
        CALLS.put("init.normal_(torch.zeros(3), 0.0, -1.0)", () -> Init.normal_(zeros(3), 0.0, -1.0));
        CALLS.put("init.uniform_(torch.zeros(3, dtype=torch.int64))", () -> Init.uniform_(zeros(DType.INT64, 3)));
        CALLS.put("init.normal_(torch.zeros(3, dtype=torch.int64))", () -> Init.normal_(zeros(DType.INT64, 3)));
        CALLS.put("init.trunc_normal_(torch.zeros(3), std=0.0)", () -> Init.truncNormal_(zeros(3), 0, 0.0, -2, 2));
        CALLS.put("init.xavier_uniform_(torch.zeros(0, 0))", () -> Init.xavierUniform_(zeros(0, 0)));
        CALLS.put("init.dirac_(torch.zeros(3, 3, 3), 0)", () -> Init.dirac_(zeros(3, 3, 3), 0));
        CALLS.put("init.kaiming_uniform_(torch.empty(0, 3))", () -> Init.kaimingUniform_(empty(0, 3)));
        CALLS.put("init.kaiming_normal_(torch.empty(3, 0))", () -> Init.kaimingNormal_(empty(3, 0)));
        CALLS.put("init.trunc_normal_(torch.empty(3), mean=5.0)", () -> Init.truncNormal_(empty(3), 5.0, 1, -2, 2));
        CALLS.put("init.trunc_normal_(torch.empty(3), mean=-5.0)", () -> Init.truncNormal_(empty(3), -5.0, 1, -2, 2));
        CALLS.put("init.trunc_normal_(torch.empty(3))", () -> Init.truncNormal_(empty(3)));
    }
}
