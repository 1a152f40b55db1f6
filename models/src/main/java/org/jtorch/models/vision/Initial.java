package org.jtorch.models.vision;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.init.FanMode;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;

/** The initial weights of torchvision's models, where they are not those of the layers. */
public final class Initial {

    private Initial() {}

    /** Draws the weights of all convolutions so that the variance of gradients is preserved, with biases of zero. */
    public static void convolutions(Module<?, ?> model) {
        for (Module<?, ?> each : model.modules()) {
            if (each instanceof Conv2d conv) {
                Init.kaimingNormal_(conv.weight, o -> o.mode(FanMode.FAN_OUT));
                zero(conv.bias);
            }
        }
    }

    /** Draws the weights of all linear maps, with biases of zero. */
    public static void linears(Module<?, ?> model, Consumer<? super Linear> weights) {
        for (Module<?, ?> each : model.modules()) {
            if (each instanceof Linear linear) {
                weights.accept(linear);
                zero(linear.bias);
            }
        }
    }

    /** Draws from a normal distribution that is cut off at -2 and 2. */
    public static void truncated(Tensor weight, double std) {
        Init.truncNormal_(weight, 0, std, -2, 2);
    }

    /** Sets all elements to zero, if there is a tensor. */
    public static void zero(@Nullable Tensor tensor) {
        if (tensor != null) {
            Init.zeros_(tensor);
        }
    }
}
