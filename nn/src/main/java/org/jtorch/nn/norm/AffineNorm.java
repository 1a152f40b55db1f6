package org.jtorch.nn.norm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.init.Init;

/** The base class of layer and group normalization: the number added to the variance, the weight and the bias. */
public abstract class AffineNorm extends Layer implements Resettable {

    private Number eps;
    private final boolean affine;

    /** The weight, initially ones; null if there is none. */
    public @Nullable Parameter weight;

    /** The bias, initially zeros; null if there is none. */
    public @Nullable Parameter bias;

    AffineNorm(long[] shape, Number eps, boolean affine, boolean withBias, TensorOptions made) {
        this.eps = eps;
        this.affine = affine;
        if (affine) {
            weight = new Parameter(Torch.empty(shape, made));
            bias = withBias ? new Parameter(Torch.empty(shape, made)) : null;
        }
        resetParameters();
    }

    /** Sets the weight to ones and the bias to zeros. */
    @Override
    public final void resetParameters() {
        if (weight != null) {
            Init.ones_(weight);
        }
        if (bias != null) {
            Init.zeros_(bias);
        }
    }

    /** Returns the number added to the variance. */
    public final double eps() {
        return eps.doubleValue();
    }

    /** Sets {@link #eps()}; {@link #toString} shows it as given. */
    public final void eps(Number newEps) {
        eps = Objects.requireNonNull(newEps, "eps");
    }

    final boolean isAffine() {
        return affine;
    }

    /** Returns the shared arguments as PyTorch shows them. {@code affineName} is PyTorch's name for {@code affine}. */
    final String sharedArguments(String affineName) {
        return ", eps=" + PythonText.number(eps) + ", " + affineName + "=" + PythonText.of(affine) + ", bias="
                + PythonText.of(bias != null);
    }
}
