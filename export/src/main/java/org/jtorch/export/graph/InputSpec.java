package org.jtorch.export.graph;

/** What an input of a graph is. */
public sealed interface InputSpec {

    /** Returns the name of the input in the graph; empty for a constant. */
    String input();

    /** What the caller passes. */
    record UserInput(Argument arg) implements InputSpec {
        /** Creates the spec. */
        public UserInput {
            Fields.required(arg, "arg of a spec");
        }

        @Override
        public String input() {
            return arg.names().isEmpty() ? "" : arg.names().get(0);
        }
    }

    /** A parameter. */
    record ParameterInput(Argument.Tensor arg, String parameterName) implements InputSpec {
        /** Creates the spec. */
        public ParameterInput {
            Fields.required(arg, "arg of a spec");
            Fields.required(parameterName, "parameterName of a spec");
        }

        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A buffer. */
    record BufferInput(Argument.Tensor arg, String bufferName, boolean persistent) implements InputSpec {
        /** Creates the spec. */
        public BufferInput {
            Fields.required(arg, "arg of a spec");
            Fields.required(bufferName, "bufferName of a spec");
        }

        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A tensor that belongs to the program, but not to its state. */
    record TensorConstant(Argument.Tensor arg, String tensorConstantName) implements InputSpec {
        /** Creates the spec. */
        public TensorConstant {
            Fields.required(arg, "arg of a spec");
            Fields.required(tensorConstantName, "tensorConstantName of a spec");
        }

        @Override
        public String input() {
            return arg.name();
        }
    }

    /** An object of a registered class. */
    record CustomObject(Argument.CustomObject arg, String customObjName) implements InputSpec {
        /** Creates the spec. */
        public CustomObject {
            Fields.required(arg, "arg of a spec");
            Fields.required(customObjName, "customObjName of a spec");
        }

        @Override
        public String input() {
            return arg.name();
        }
    }

    /** A token that orders effects. */
    record Token(TokenArgument arg) implements InputSpec {
        /** Creates the spec. */
        public Token {
            Fields.required(arg, "arg of a spec");
        }

        @Override
        public String input() {
            return arg.name();
        }
    }

    /** The name of a token. */
    record TokenArgument(String name) {
        /** Creates the spec. */
        public TokenArgument {
            Fields.required(name, "name of a spec");
        }
    }

    /** A constant that the caller passes, and that must have the value with which the program was exported. */
    record ConstantInput(String name, ConstantValue value) implements InputSpec {
        /** Creates the spec. */
        public ConstantInput {
            Fields.required(name, "name of a spec");
            Fields.required(value, "value of a spec");
        }

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
        record Text(String value) implements ConstantValue {
            /** Creates the spec. */
            public Text {
                Fields.required(value, "value of a spec");
            }
        }

        /** A boolean. */
        record Bool(boolean value) implements ConstantValue {}
    }
}
