package org.jtorch.export.internal.script;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.internal.ScriptHandle;

/**
 * The values of a graph in TorchScript: each is a variable or an expression, and an argument of a node is written with them.
 * The engine has no names for dtypes in source, so they are numbers.
 */
final class SourceValues {

    private final SourceLines lines;
    private final Map<String, String> variables = new HashMap<>();

    SourceValues(SourceLines lines) {
        this.lines = lines;
    }

    /** Says what the text of a value is. */
    void put(String name, String text) {
        variables.put(name, text);
    }

    /** Returns a new variable for a value. */
    String define(String name) {
        String variable = lines.variable(name);
        variables.put(name, variable);
        return variable;
    }

    /** Returns the text of a value, which is empty if no earlier node computes it. */
    String variableOrEmpty(String name) {
        return variables.getOrDefault(name, "");
    }

    /** Returns the type of a value. */
    static String type(Argument argument) {
        if (argument instanceof Argument.None) {
            return "None";
        } else if (argument instanceof Argument.Int || argument instanceof Argument.SymInt) {
            return "int";
        } else if (argument instanceof Argument.Float || argument instanceof Argument.SymFloat) {
            return "float";
        } else if (argument instanceof Argument.Bool || argument instanceof Argument.SymBool) {
            return "bool";
        } else if (argument instanceof Argument.Text) {
            return "str";
        }
        return SourceTrees.TENSOR;
    }

    /**
     * Returns the text of a value.
     *
     * @param where what uses it, for the message of an exception
     */
    String variable(String name, String where) {
        String text = variables.get(name);
        if (text == null) {
            throw new ExportException(where + " uses the value '" + name + "', which no earlier node computes");
        }
        return text;
    }

    String number(Argument.SymIntArgument argument, String where) {
        return argument instanceof Argument.SymIntArgument.Name name
                ? variable(name.value(), where)
                : String.valueOf(((Argument.SymIntArgument.Constant) argument).value());
    }

    private String number(Argument.SymFloatArgument argument, String where) {
        return argument instanceof Argument.SymFloatArgument.Name name
                ? variable(name.value(), where)
                : SourceText.of(((Argument.SymFloatArgument.Constant) argument).value());
    }

    private String truth(Argument.SymBoolArgument argument, String where) {
        return argument instanceof Argument.SymBoolArgument.Name name
                ? variable(name.value(), where)
                : SourceText.of(((Argument.SymBoolArgument.Constant) argument).value());
    }

    /**
     * Returns the text of an argument.
     *
     * @param type the type in the operator's schema, such as {@code float[]?}; null if there is none
     */
    String text(Argument argument, @Nullable String type, String where) {
        boolean real = type != null && type.startsWith("float");
        if (argument instanceof Argument.None) {
            return "None";
        } else if (argument instanceof Argument.Tensor tensor) {
            return variable(tensor.name(), where);
        } else if (argument instanceof Argument.OptionalTensor tensor) {
            return tensor.names().isEmpty() ? "None" : variable(tensor.names().get(0), where);
        } else if (argument instanceof Argument.Int number) {
            return real ? SourceText.of((double) number.value()) : String.valueOf(number.value());
        } else if (argument instanceof Argument.Float number) {
            return SourceText.of(number.value());
        } else if (argument instanceof Argument.Bool truth) {
            return SourceText.of(truth.value());
        } else if (argument instanceof Argument.Text words) {
            return SourceText.of(words.value());
        } else if (argument instanceof Argument.SymInt number) {
            String text = number(number.value(), where);
            return real ? "float(" + text + ")" : text;
        } else if (argument instanceof Argument.SymFloat number) {
            return number(number.value(), where);
        } else if (argument instanceof Argument.SymBool truth) {
            return truth(truth.value(), where);
        } else if (argument instanceof Argument.ScalarType dtype) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.dtype(dtype.value())));
        } else if (argument instanceof Argument.MemoryFormat format) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.memoryFormat(format.value())));
        } else if (argument instanceof Argument.Layout layout) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.layout(layout.value())));
        } else if (argument instanceof Argument.Device device) {
            return "torch.device(" + SourceText.of(device.value().toString()) + ")";
        }
        return list(argument, type, where);
    }

    private String list(Argument argument, @Nullable String type, String where) {
        boolean real = type != null && type.startsWith("float");
        if (argument instanceof Argument.Tensors tensors) {
            List<String> texts = tensors.value().stream()
                    .map(each -> variable(each.name(), where))
                    .toList();
            return type != null && type.startsWith("Tensor?[") ? optionals(texts) : joined(texts, "List[Tensor]");
        } else if (argument instanceof Argument.OptionalTensors tensors) {
            return optionals(tensors.value().stream()
                    .map(each -> each.names().isEmpty()
                            ? "None"
                            : variable(each.names().get(0), where))
                    .toList());
        } else if (argument instanceof Argument.Ints numbers) {
            return joined(
                    numbers.value().stream()
                            .map(each -> real ? SourceText.of((double) each) : String.valueOf(each))
                            .toList(),
                    real ? "List[float]" : "List[int]");
        } else if (argument instanceof Argument.SymInts numbers) {
            return joined(
                    numbers.value().stream().map(each -> number(each, where)).toList(), "List[int]");
        } else if (argument instanceof Argument.Floats numbers) {
            return joined(numbers.value().stream().map(SourceText::of).toList(), "List[float]");
        } else if (argument instanceof Argument.SymFloats numbers) {
            return joined(
                    numbers.value().stream().map(each -> number(each, where)).toList(), "List[float]");
        } else if (argument instanceof Argument.Bools truths) {
            return joined(truths.value().stream().map(SourceText::of).toList(), "List[bool]");
        } else if (argument instanceof Argument.SymBools truths) {
            return joined(
                    truths.value().stream().map(each -> truth(each, where)).toList(), "List[bool]");
        } else if (argument instanceof Argument.Texts words) {
            return joined(words.value().stream().map(SourceText::of).toList(), "List[str]");
        }
        throw new ExportException(where + " cannot be written as TorchScript: it has an argument of the kind "
                + argument.getClass().getSimpleName());
    }

    /** Returns a list, whose type is known from its elements unless there are none. */
    private String joined(List<String> texts, String type) {
        return texts.isEmpty() ? lines.emptyList(type) : "[" + String.join(", ", texts) + "]";
    }

    private String optionals(List<String> texts) {
        String list = lines.variable("indices");
        lines.add(list + ": List[Optional[Tensor]] = [" + String.join(", ", texts) + "]");
        return list;
    }
}
