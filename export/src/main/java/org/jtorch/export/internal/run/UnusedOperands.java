package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/** Gives the operands of a branch that it does not use gradients of zero, as PyTorch does, rather than none. */
final class UnusedOperands extends Function {

    private UnusedOperands() {}

    /**
     * Returns the outputs of a branch, of which one also depends on the unused operands.
     *
     * @param outputs the outputs of the branch
     * @param operands all operands
     * @param branch says which operands are used
     */
    static List<@Nullable Object> attach(List<@Nullable Object> outputs, List<@Nullable Object> operands, Plan branch) {
        if (!Autograd.isGradEnabled()) {
            return outputs;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i) instanceof Tensor tensor && tensor.requiresGrad() && !branch.reads(i)) {
                inputs.add(tensor);
            }
        }
        for (int i = 0; i < outputs.size() && !inputs.isEmpty(); i++) {
            if (outputs.get(i) instanceof Tensor output && output.requiresGrad()) {
                inputs.add(0, output);
                outputs.set(i, new UnusedOperands().apply(inputs.toArray(Tensor[]::new)));
                return outputs;
            }
        }
        return outputs;
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        ctx.saveForBackward(inputs.subList(1, inputs.size()).toArray(Tensor[]::new));
        return List.of(inputs.get(0));
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        gradients.add(gradOutputs.get(0));
        for (Tensor operand : ctx.savedTensors()) {
            gradients.add(Torch.zerosLike(operand));
        }
        return gradients;
    }
}
