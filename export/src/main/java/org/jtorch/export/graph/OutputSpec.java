package org.jtorch.export.graph;

/** What an output of a graph is. */
public sealed interface OutputSpec {

    /** What the caller receives. */
    record UserOutput(Argument arg) implements OutputSpec {
        /** Creates the spec. */
        public UserOutput {
            Fields.required(arg, "arg of a spec");
        }
    }

    /** The loss, in a graph that also computes gradients. */
    record LossOutput(Argument.Tensor arg) implements OutputSpec {
        /** Creates the spec. */
        public LossOutput {
            Fields.required(arg, "arg of a spec");
        }
    }

    /** The new value of a buffer. */
    record BufferMutation(Argument.Tensor arg, String bufferName) implements OutputSpec {
        /** Creates the spec. */
        public BufferMutation {
            Fields.required(arg, "arg of a spec");
            Fields.required(bufferName, "bufferName of a spec");
        }
    }

    /** The gradient of a parameter. */
    record GradientToParameter(Argument.Tensor arg, String parameterName) implements OutputSpec {
        /** Creates the spec. */
        public GradientToParameter {
            Fields.required(arg, "arg of a spec");
            Fields.required(parameterName, "parameterName of a spec");
        }
    }

    /** The gradient of an input. */
    record GradientToUserInput(Argument.Tensor arg, String userInputName) implements OutputSpec {
        /** Creates the spec. */
        public GradientToUserInput {
            Fields.required(arg, "arg of a spec");
            Fields.required(userInputName, "userInputName of a spec");
        }
    }

    /** The new value of an input. */
    record UserInputMutation(Argument.Tensor arg, String userInputName) implements OutputSpec {
        /** Creates the spec. */
        public UserInputMutation {
            Fields.required(arg, "arg of a spec");
            Fields.required(userInputName, "userInputName of a spec");
        }
    }

    /** A token that orders effects. */
    record Token(InputSpec.TokenArgument arg) implements OutputSpec {
        /** Creates the spec. */
        public Token {
            Fields.required(arg, "arg of a spec");
        }
    }

    /** The new value of a parameter. */
    record ParameterMutation(Argument.Tensor arg, String parameterName) implements OutputSpec {
        /** Creates the spec. */
        public ParameterMutation {
            Fields.required(arg, "arg of a spec");
            Fields.required(parameterName, "parameterName of a spec");
        }
    }
}
