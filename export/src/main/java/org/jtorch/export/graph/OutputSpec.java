package org.jtorch.export.graph;

/** What an output of a graph is. */
public sealed interface OutputSpec {

    /** What the caller receives. */
    record UserOutput(Argument arg) implements OutputSpec {}

    /** The loss, in a graph that also computes gradients. */
    record LossOutput(Argument.Tensor arg) implements OutputSpec {}

    /** The new value of a buffer. */
    record BufferMutation(Argument.Tensor arg, String bufferName) implements OutputSpec {}

    /** The gradient of a parameter. */
    record GradientToParameter(Argument.Tensor arg, String parameterName) implements OutputSpec {}

    /** The gradient of an input. */
    record GradientToUserInput(Argument.Tensor arg, String userInputName) implements OutputSpec {}

    /** The new value of an input. */
    record UserInputMutation(Argument.Tensor arg, String userInputName) implements OutputSpec {}

    /** A token that orders effects. */
    record Token(InputSpec.TokenArgument arg) implements OutputSpec {}

    /** The new value of a parameter. */
    record ParameterMutation(Argument.Tensor arg, String parameterName) implements OutputSpec {}
}
