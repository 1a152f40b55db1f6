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

/** What layer and group normalisation share: what is added to the variance, and a weight and a bias. */
public abstract class AffineNorm extends Layer implements Resettable {

    private Number eps;
    private final boolean affine;

    /** Ones at first; null if there is none. */
    public @Nullable Parameter weight;

    /** Zeros at first; null if there is none. */
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

    /** Returns what is added to the variance. */
    public final double eps() {
        return eps.doubleValue();
    }

    /** Sets {@link #eps()}; it is shown as it is given. */
    public final void eps(Number newEps) {
        eps = Objects.requireNonNull(newEps, "eps");
    }

    final boolean isAffine() {
        return affine;
    }

    /** Returns the arguments that it shares, as PyTorch shows them, {@code affineName} being its name of that one. */
    final String sharedArguments(String affineName) {
        return ", eps=" + PythonText.number(eps) + ", " + affineName + "=" + PythonText.of(affine) + ", bias="
                + PythonText.of(bias != null);
    }
}
