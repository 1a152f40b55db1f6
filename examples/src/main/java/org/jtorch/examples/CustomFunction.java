package org.jtorch.examples;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/** Functions with a custom backward. */
public final class CustomFunction {

    /** Computes {@code x^3}. Its backward is recorded, so it has second derivatives too. */
    public static final class Cube extends Function {
        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            Tensor x = inputs.get(0);
            ctx.saveForBackward(x);
            return List.of(x.pow(3));
        }

        @Override
        protected List<Tensor> backward(Context ctx, List<? extends Tensor> gradOutputs) {
            Tensor x = ctx.savedTensors().get(0);
            return List.of(gradOutputs.get(0).mul(x.square().mul(3)));
        }
    }

    /** Rounds, and passes the gradient unchanged (a straight-through estimator). */
    public static final class Round extends Function {
        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            return List.of(inputs.get(0).round());
        }

        @Override
        protected List<Tensor> backward(Context ctx, List<? extends Tensor> gradOutputs) {
            return List.of(gradOutputs.get(0));
        }
    }

    private CustomFunction() {}

    /** Prints values and gradients, and checks the gradients against finite differences. */
    public static void main(String[] args) {
        Tensor x = Torch.tensor(new float[] {1, 2, 3}).requiresGrad_();
        new Cube().apply(x).sum().backward();
        System.out.println("the gradient of x^3 at 1, 2, 3: " + x.grad());

        Tensor w = Torch.tensor(new float[] {0.4f, 1.6f}).requiresGrad_();
        Tensor rounded = new Round().apply(w);
        rounded.mul(Torch.tensor(new float[] {10, 20})).sum().backward();
        System.out.println("rounded: " + rounded.detach() + ", its gradient: " + w.grad());

        Tensor point =
                Torch.randn(new long[] {4}, TensorOptions.of(DType.FLOAT64).requiresGrad(true));
        System.out.println("gradcheck: " + Autograd.gradcheck(in -> List.of(new Cube().apply(in.get(0))), point));
        System.out.println(
                "gradgradcheck: " + Autograd.gradgradcheck(in -> List.of(new Cube().apply(in.get(0))), point));
    }
}
