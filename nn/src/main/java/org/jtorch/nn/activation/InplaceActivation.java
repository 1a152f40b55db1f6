package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.ChainedOptions;
import org.jtorch.nn.Layer;

/** The base class of activations that can overwrite their input with their output. */
public abstract class InplaceActivation extends Layer {

    /**
     * The optional argument of all of them.
     *
     * @param <S> the options class itself, so that calls can be chained
     */
    public abstract static class InplaceOptions<S extends InplaceOptions<S>> extends ChainedOptions<S> {
        boolean inplace;

        InplaceOptions() {}

        /** Sets whether the input itself is changed and returned; the default is {@code false}. */
        public S inplace(boolean newInplace) {
            inplace = newInplace;
            return self();
        }
    }

    /** The optional arguments of an activation that has no others. */
    public static final class Options extends InplaceOptions<Options> {}

    boolean inplace;

    InplaceActivation(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    InplaceActivation(InplaceOptions<?> options) {
        inplace = options.inplace;
    }

    /** Returns the other arguments, for {@link #extraRepr}. */
    String arguments() {
        return "";
    }

    /** Returns whether the input itself is changed and returned. */
    public final boolean inplace() {
        return inplace;
    }

    /** Sets {@link #inplace()}. */
    public final void inplace(boolean newInplace) {
        inplace = newInplace;
    }

    @Override
    protected String extraRepr() {
        String arguments = arguments();
        return inplace ? arguments + (arguments.isEmpty() ? "" : ", ") + "inplace=True" : arguments;
    }
}
