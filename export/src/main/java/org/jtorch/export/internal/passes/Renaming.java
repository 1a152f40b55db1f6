package org.jtorch.export.internal.passes;

import java.util.Map;
import org.jtorch.export.graph.Argument;

/** Replaces the names of tensors in arguments. */
final class Renaming {

    private Renaming() {}

    static Argument of(Argument argument, Map<String, String> names) {
        if (argument.names().stream().noneMatch(names::containsKey)) {
            return argument;
        }
        if (argument instanceof Argument.Tensor tensor) {
            return of(tensor, names);
        } else if (argument instanceof Argument.Tensors tensors) {
            return new Argument.Tensors(
                    tensors.value().stream().map(each -> of(each, names)).toList());
        } else if (argument instanceof Argument.OptionalTensors tensors) {
            return new Argument.OptionalTensors(
                    tensors.value().stream().map(each -> of(each, names)).toList());
        } else if (argument instanceof Argument.OptionalTensor tensor) {
            return new Argument.OptionalTensor(of(tensor.value(), names));
        } else if (argument instanceof Argument.NestedTensors lists) {
            return new Argument.NestedTensors(lists.value().stream()
                    .map(list -> list.stream().map(each -> of(each, names)).toList())
                    .toList());
        }
        throw new IllegalStateException("a tensor in " + argument + " cannot be renamed");
    }

    private static Argument.Tensor of(Argument.Tensor tensor, Map<String, String> names) {
        return new Argument.Tensor(of(tensor.name(), names));
    }

    private static Argument.OptionalTensorArgument of(
            Argument.OptionalTensorArgument tensor, Map<String, String> names) {
        return tensor instanceof Argument.OptionalTensorArgument.Present present
                ? new Argument.OptionalTensorArgument.Present(of(present.name(), names))
                : tensor;
    }

    private static String of(String name, Map<String, String> names) {
        String current = name;
        while (names.containsKey(current)) {
            current = names.get(current);
        }
        return current;
    }
}
