package org.jtorch.autograd;

import static org.jtorch.autograd.Values.leaf;
import static org.jtorch.autograd.Values.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.FunctionTest.Fn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradCheckTest {

    private static final Function CLAMP = new Fn(
            (ctx, in) -> {
                Tensor inside = in.get(0).ge(-1).logicalAnd(in.get(0).le(1));
                ctx.saveForBackward(inside);
                ctx.markNonDifferentiable(inside);
                return List.of(in.get(0).clamp(-1, 1), inside);
            },
            (ctx, grads) -> List.of(grads.get(0).mul(ctx.savedTensors().get(0))));

    private static final Function MATMUL = new Fn(
            (ctx, in) -> {
                ctx.saveForBackward(in.get(0), in.get(1));
                return List.of(in.get(0).matmul(in.get(1)));
            },
            (ctx, grads) -> {
                List<Tensor> saved = ctx.savedTensors();
                return Function.gradients(
                        ctx.needsInputGrad(0) ? grads.get(0).matmul(saved.get(1).t()) : null,
                        ctx.needsInputGrad(1) ? saved.get(0).t().matmul(grads.get(0)) : null);
            });

    @BeforeEach
    void seed() {
        Torch.manualSeed(3);
    }

    private static Tensor random(long... shape) {
        return Torch.randn(shape, TensorOptions.of(DType.FLOAT64)).requiresGrad_();
    }

    @Test
    void acceptsCustomFunctions() {
        assertTrue(Autograd.gradcheck(FunctionTest.EXP::applyAll, random(2, 3)));
        assertTrue(Autograd.gradcheck(FunctionTest.MIX::applyAll, random(2, 2), random(2, 2), random(2, 2)));
        assertTrue(Autograd.gradcheck(CLAMP::applyAll, leaf(-2, -0.5, 0.5, 2)));
        assertTrue(Autograd.gradcheck(MATMUL::applyAll, random(2, 3), random(3, 4)));
        assertTrue(Autograd.gradcheck(MATMUL::applyAll, random(2, 3).detach(), random(3, 4)));
    }

    @Test
    void acceptsTheirSecondDerivatives() {
        assertTrue(Autograd.gradgradcheck(FunctionTest.EXP::applyAll, random(2, 2)));
        assertTrue(Autograd.gradgradcheck(FunctionTest.MIX::applyAll, random(2), random(2), random(2)));
        assertTrue(Autograd.gradgradcheck(CLAMP::applyAll, leaf(-2, -0.5, 0.5, 2)));
        assertTrue(Autograd.gradgradcheck(MATMUL::applyAll, random(2, 3), random(3, 2)));
        assertTrue(Autograd.gradgradcheck(
                in -> List.of(
                        FunctionTest.EXP.apply(FunctionTest.EXP.apply(in.get(0)).neg())),
                random(3)));
    }

    @Test
    void acceptsTheEnginesOwn() {
        assertTrue(Autograd.gradcheck(in -> List.of(in.get(0).sin().mul(in.get(1))), random(2, 3), random(3)));
        assertTrue(Autograd.gradcheck(
                in -> List.of(in.get(0).t().pow(3)), random(3, 2).t().detach().requiresGrad_()));
        assertTrue(Autograd.gradgradcheck(in -> List.of(in.get(0).tanh().prod()), random(3)));
        Tensor complex =
                Torch.randn(new long[] {2}, TensorOptions.of(DType.COMPLEX128)).requiresGrad_();
        assertTrue(Autograd.gradcheck(
                in -> List.of(in.get(0).mul(in.get(0)), in.get(0).abs()), complex));
        assertTrue(Autograd.gradcheck(
                in -> List.of(in.get(0).mul(0)),
                Torch.zeros(new long[] {0, 2}, TensorOptions.of(DType.FLOAT64)).requiresGrad_()));
    }

    @Test
    void namesOutputInputAndElementOfAWrongGradient() {
        Function wrong = new Fn((ctx, in) -> List.of(in.get(0).neg(), in.get(0).mul(in.get(1))), (ctx, grads) -> {
            Tensor second = grads.get(1).clone();
            second.select(0, 1).select(0, 2).mul_(5);
            return List.of(grads.get(0).neg().add(grads.get(1).mul(2)), second.mul(3));
        });
        Tensor three = Torch.full(new long[] {2, 3}, 3.0, TensorOptions.of(DType.FLOAT64))
                .requiresGrad_();
        Tensor two = Torch.full(new long[] {2, 3}, 2.0, TensorOptions.of(DType.FLOAT64))
                .requiresGrad_();
        String message = assertThrows(TorchException.class, () -> Autograd.gradcheck(wrong::applyAll, three, two))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "Jacobian mismatch for output 1 with respect to input 1, at element [1, 2] of the output"
                                + " and [1, 2] of the input: numerical 2.99999"),
                message);
        assertTrue(message.contains("analytical 15.0"), message);
    }

    @Test
    void noticesAWrongSecondDerivative() {
        Function wrong = new Fn(
                (ctx, in) -> {
                    ctx.saveForBackward(in.get(0));
                    return List.of(in.get(0).pow(3));
                },
                (ctx, grads) -> {
                    Tensor x = ctx.savedTensors().get(0).detach();
                    return List.of(grads.get(0).mul(x).mul(x).mul(3));
                });
        assertTrue(Autograd.gradcheck(wrong::applyAll, leaf(1, 2)));
        assertThrows(TorchException.class, () -> Autograd.gradgradcheck(wrong::applyAll, leaf(1, 2)));
    }

    @Test
    void noticesABackwardThatIsNotReentrant() {
        double[] calls = {0};
        Function wrong = new Fn(
                (ctx, in) -> List.of(in.get(0).mul(1)),
                (ctx, grads) -> List.of(grads.get(0).mul(++calls[0])));
        assertTrue(assertThrows(TorchException.class, () -> Autograd.gradcheck(wrong::applyAll, leaf(1)))
                .getMessage()
                .startsWith("Backward is not reentrant"));
    }

    @Test
    void saysWhatItNeeds() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> Autograd.gradcheck(in -> List.of(in.get(0).neg()), of(1)))
                .getMessage()
                .startsWith("gradcheck expects at least one input tensor to require gradient"));
        Tensor expanded = of(1).expand(3).detach().requiresGrad_();
        assertThrows(
                IllegalArgumentException.class,
                () -> Autograd.gradcheck(in -> List.of(in.get(0).neg()), expanded));
        Tensor single = Torch.ones(2).requiresGrad_();
        assertTrue(assertThrows(
                        TorchException.class,
                        () -> Autograd.gradcheck(in -> List.of(in.get(0).exp()), single))
                .getMessage()
                .endsWith("use float64)"));
        assertTrue(Autograd.gradcheck(in -> List.of(in.get(0).exp()), List.of(single), options -> options.eps(1e-2)
                .atol(1e-2)));
    }

    @Test
    void leavesItsInputsAlone() {
        Tensor x = leaf(1, 2);
        long version = x.version();
        Autograd.gradcheck(FunctionTest.EXP::applyAll, x);
        Values.assertValues(x, 1, 2);
        assertEquals(version, x.version());
        assertEquals(null, x.grad());
    }
}
