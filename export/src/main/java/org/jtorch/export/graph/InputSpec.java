package org.jtorch.export.graph;

/** What an input of a graph is. */
public sealed interface InputSpec {

    /** Returns the name of the input in the graph; empty for a constant. */
    String input();

    /** What the caller passes. */
    record UserInput(Argument arg) implements InputSpec {
        @Override
        public String input() {
            return arg.names().isEmpty() ? "" : arg.names().get(0);
        }
    }

    /** A parameter. */
    record ParameterInput(Argument.Tensor arg, String parameterName) implements InputSpec {
        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A buffer. */
    record BufferInput(Argument.Tensor arg, String bufferName, boolean persistent) implements InputSpec {
        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A tensor that belongs to the program, but not to its state. */
    record TensorConstant(Argument.Tensor arg, String tensorConstantName) implements InputSpec {
        @Override
        public String input() {
            return arg.name();
        }
    }

    /** An object of a registered class. */
    record CustomObject(Argument.CustomObject arg, String customObjName) implements InputSpec {
        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A token that orders effects. */
    record Token(TokenArgument arg) implements InputSpec {
        @Override
        public String input() {
            return arg.name();
        }
    }

    /** The name of a token. */
    record TokenArgument(String name) {}

    /** A constant that the caller passes, and that must have the value with which the program was exported. */
    record ConstantInput(String name, ConstantValue value) implements InputSpec {
        @Override
        public String input() {
            return "";
        }
    }

    /** The value of a constant. */
    sealed interface ConstantValue {

        /** No value. */
        record None(boolean value) implements ConstantValue {}

        /** A whole number. */
        record Int(long value) implements ConstantValue {}

        /** A number. */
        record Float(double value) implements ConstantValue {}

        /** A text. */
        record Text(String value) implements ConstantValue {}

        /** A boolean. */
        record Bool(boolean value) implements ConstantValue {}
    }
}
