package org.jtorch.export.graph;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value in a graph: the name of one that is computed, or a constant. The names of the records are those of {@code
 * torch.export}'s schema: {@link SymInt} is {@code as_sym_int}.
 */
public sealed interface Argument {

    /** Returns the names of the computed values in this argument, in order. */
    default List<String> names() {
        return List.of();
    }

    /** No value. */
    record None(boolean value) implements Argument {
        /** Creates the argument. */
        public None() {
            this(true);
        }
    }

    /** A tensor. */
    record Tensor(String name) implements Argument {
        /** Creates the argument. */
        public Tensor {
            Fields.required(name, "name of a tensor");
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /** A list of tensors. */
    record Tensors(List<Tensor> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().map(Tensor::name).toList();
        }
    }

    /** A whole number. */
    record Int(long value) implements Argument {}

    /** A list of whole numbers. */
    record Ints(List<Long> value) implements Argument {}

    /** A number. */
    record Float(double value) implements Argument {}

    /** A list of numbers. */
    record Floats(List<Double> value) implements Argument {}

    /** A text. */
    record Text(String value) implements Argument {}

    /** A list of texts. */
    record Texts(List<String> value) implements Argument {}

    /** A whole number that is computed. */
    record SymInt(SymIntArgument value) implements Argument {
        @Override
        public List<String> names() {
            return value.names();
        }
    }

    /** A list of whole numbers, some of which are computed. */
    record SymInts(List<SymIntArgument> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().flatMap(each -> each.names().stream()).toList();
        }
    }

    /** A type of elements. */
    record ScalarType(int value) implements Argument {}

    /** An order of dimensions in memory. */
    record MemoryFormat(int value) implements Argument {}

    /** A layout. */
    record Layout(int value) implements Argument {}

    /** A device. */
    record Device(DeviceName value) implements Argument {}

    /** A boolean. */
    record Bool(boolean value) implements Argument {}

    /** A list of booleans. */
    record Bools(List<Boolean> value) implements Argument {}

    /** A boolean that is computed. */
    record SymBool(SymBoolArgument value) implements Argument {
        @Override
        public List<String> names() {
            return value.names();
        }
    }

    /** A list of booleans, some of which are computed. */
    record SymBools(List<SymBoolArgument> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().flatMap(each -> each.names().stream()).toList();
        }
    }

    /** A graph that an operator runs: a branch or the body of a loop. */
    record SubGraph(String name, Graph graph) implements Argument {
        /** Creates the argument. */
        public SubGraph {
            Fields.required(name, "name of a graph");
            Fields.required(graph, "graph of '" + name + "'");
        }
    }

    /** A list of tensors, some of which are absent. */
    record OptionalTensors(List<OptionalTensorArgument> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().flatMap(each -> each.names().stream()).toList();
        }
    }

    /** An object of a registered class. */
    record CustomObject(String name, @Nullable String classFqn) implements Argument {
        /** Creates the argument. */
        public CustomObject {
            Fields.required(name, "name of an object");
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /** The name of an operator. */
    record Operator(String value) implements Argument {}

    /** A number that is computed. */
    record SymFloat(SymFloatArgument value) implements Argument {
        @Override
        public List<String> names() {
            return value.names();
        }
    }

    /** A list of numbers, some of which are computed. */
    record SymFloats(List<SymFloatArgument> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().flatMap(each -> each.names().stream()).toList();
        }
    }

    /** A tensor that may be absent. */
    record OptionalTensor(OptionalTensorArgument value) implements Argument {
        @Override
        public List<String> names() {
            return value.names();
        }
    }

    /** A complex number. */
    record Complex(double real, double imag) implements Argument {}

    /** Lists of tensors. */
    record NestedTensors(List<List<Tensor>> value) implements Argument {
        @Override
        public List<String> names() {
            return value.stream().flatMap(List::stream).map(Tensor::name).toList();
        }
    }

    /** Lists of whole numbers. */
    record IntLists(List<List<Long>> value) implements Argument {}

    /** Values by name. */
    record StringToArgument(Map<String, Argument> value) implements Argument {
        @Override
        public List<String> names() {
            return value.values().stream()
                    .flatMap(each -> each.names().stream())
                    .toList();
        }
    }

    /** Lists of numbers. */
    record FloatLists(List<List<Double>> value) implements Argument {}

    /** A whole number that is computed or constant. */
    sealed interface SymIntArgument {

        /** Returns the name, if the number is computed. */
        default List<String> names() {
            return List.of();
        }

        /** A computed number. */
        record Name(String value) implements SymIntArgument {
            @Override
            public List<String> names() {
                return List.of(value);
            }
        }

        /** A constant. */
        record Constant(long value) implements SymIntArgument {}
    }

    /** A number that is computed or constant. */
    sealed interface SymFloatArgument {

        /** Returns the name, if the number is computed. */
        default List<String> names() {
            return List.of();
        }

        /** A computed number. */
        record Name(String value) implements SymFloatArgument {
            @Override
            public List<String> names() {
                return List.of(value);
            }
        }

        /** A constant. */
        record Constant(double value) implements SymFloatArgument {}
    }

    /** A boolean that is computed or constant. */
    sealed interface SymBoolArgument {

        /** Returns the name, if the boolean is computed. */
        default List<String> names() {
            return List.of();
        }

        /** A computed boolean. */
        record Name(String value) implements SymBoolArgument {
            @Override
            public List<String> names() {
                return List.of(value);
            }
        }

        /** A constant. */
        record Constant(boolean value) implements SymBoolArgument {}
    }

    /** A tensor or its absence. */
    sealed interface OptionalTensorArgument {

        /** Returns the name of the tensor, if there is one. */
        default List<String> names() {
            return List.of();
        }

        /** A tensor. */
        record Present(String name) implements OptionalTensorArgument {
            /** Creates the argument. */
            public Present {
                Fields.required(name, "name of a tensor");
            }

            @Override
            public List<String> names() {
                return Stream.of(name).toList();
            }
        }

        /** No tensor. */
        record Absent(boolean value) implements OptionalTensorArgument {}
    }
}
