package org.jtorch.tools;

/** A problem that {@link Doctor} can find. */
public enum Trap {
    /** A field holds a tensor that is neither a parameter nor a buffer. */
    UNREGISTERED_TENSOR("no state dict has it and to(...) does not move it: make it a Buffer or a Parameter, or mark it"
            + " @Unregistered if that is intended"),

    /** Parameters or buffers have no shape yet. */
    UNINITIALIZED(
            "call the model once with an input of the right shape, before its parameters are counted or initialized"),

    /** Parameters, buffers or the input are on several devices. */
    MIXED_DEVICES("move all to one device: model.to(device), and the input as well"),

    /** Floating-point parameters, buffers or the input have several dtypes. */
    MIXED_DTYPES(
            "convert all to one dtype: model.to(dtype), and the input as well, unless mixed precision is intended"),

    /** Some modules are in training mode and some in eval mode. */
    MIXED_MODES(
            "call model.train() or model.eval() on the whole model; layers that are meant to stay frozen in eval mode"
                    + " need requiresGrad_(false), too"),

    /** A normalization in eval mode uses running statistics that have never been updated. */
    STATISTICS_NEVER_UPDATED(
            "its running mean is 0 and its variance 1, so it does not normalize: train it first, load trained statistics, or"
                    + " use trackRunningStats(false)"),

    /** A hook was not removed. */
    HOOKS_LEFT("close the handle that its registration returned, preferably by try-with-resources"),

    /** The forward throws. */
    FORWARD_FAILS("correct what the message names; findings about devices, dtypes or modes may be the cause"),

    /** The backward throws. */
    BACKWARD_FAILS(
            "correct what the message names: a tensor changed in place, or a graph that was freed, are the usual ones"),

    /** A module is the first to return NaN or infinity. */
    NON_FINITE_OUTPUT(
            "look for a division by zero, a logarithm or root of a number that is not positive, or an overflow, in it or in"
                    + " its parameters"),

    /** A dropout drops elements although the model is in eval mode. */
    ACTIVE_DROPOUT("give F.dropout the module's isTraining(), and put Dropout modules into eval mode with the model"),

    /** Trainable parameters received no gradient. */
    NO_GRADIENT(
            "the output of the model does not depend on them: use them, look for detach() or noGrad() on the way, or switch"
                    + " them off with requiresGrad_(false)"),

    /** A gradient is not a number. */
    NAN_GRADIENT(
            "look at the first module with a NaN output; roots and norms of 0 have NaN gradients with finite values"),

    /** A gradient is infinite. */
    INFINITE_GRADIENT("scale inputs or loss down, clip gradients, or compute in a wider dtype"),

    /** Gradients are so small that nothing is learned. */
    VANISHING_GRADIENT("use normalization, residual connections, another activation, or another initialization"),

    /** Gradients are so large that training diverges. */
    EXPLODING_GRADIENT("use normalization, another initialization, or clip gradients"),

    /** One parameter is in an optimizer twice, as two objects. */
    DUPLICATE_IN_OPTIMIZER(
            "it is changed twice in each step: give the optimizer one Parameter object, and tie weights by using"
                    + " that object in both places"),

    /** A trainable parameter is not in the optimizer. */
    MISSING_FROM_OPTIMIZER("it is never changed: make the optimizer after the last change of the model, from"
            + " model.parameters(), or freeze it with requiresGrad_(false)"),

    /** The optimizer has a parameter that the model does not have. */
    FOREIGN_IN_OPTIMIZER(
            "the model does not use what is optimized: make the optimizer after the last change of the model");

    private final String remedy;

    Trap(String remedy) {
        this.remedy = remedy;
    }

    /** Returns the remedy. */
    public String remedy() {
        return remedy;
    }
}
