package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jtorch.Tensor;

/** The text of a module and its members, as in PyTorch's {@code repr}. */
final class Repr {

    private Repr() {}

    /** Returns the class with the arguments and the children in parentheses, one child a line. */
    static String of(Module<?, ?> module) {
        List<String> lines = new ArrayList<>();
        String extra = module.extraRepr();
        boolean oneLine = extra.indexOf('\n') < 0;
        if (!extra.isEmpty()) {
            lines.addAll(List.of(extra.split("\n", -1)));
        }
        int before = lines.size();
        module.visitShown(
                (key, child) -> lines.add("(" + key + "): " + indent(child == null ? "None" : child.toString())));
        if (lines.isEmpty() || (oneLine && lines.size() == before)) {
            return module.className() + "(" + extra + ")";
        }
        return block(module, lines);
    }

    /** Returns the text of a list of modules. Neighbours with the same text are shown once: {@code (0-3): 4 x Linear(…)}. */
    static String folded(Module<?, ?> list, List<? extends Module<?, ?>> elements) {
        List<String> texts = new ArrayList<>();
        elements.forEach(module -> texts.add(module.toString()));
        List<String> lines = new ArrayList<>();
        for (int first = 0, next; first < texts.size(); first = next) {
            String text = texts.get(first);
            next = first + 1;
            while (next < texts.size() && texts.get(next).equals(text)) {
                next++;
            }
            int count = next - first;
            lines.add(indent(
                    count == 1
                            ? "(" + first + "): " + text
                            : "(" + first + "-" + (next - 1) + "): " + count + " x " + text));
        }
        return lines.isEmpty() ? list.className() + "()" : block(list, lines);
    }

    /** Returns the line of a parameter in a list or map of parameters. */
    static String parameter(Parameter p, String type) {
        String size = p.isUninitialized()
                ? "0"
                : Arrays.stream(p.shape()).mapToObj(String::valueOf).collect(Collectors.joining("x"));
        String device = p.device().type().equals("cuda") ? " (" + p.device() + ")" : "";
        String kind = p instanceof DerivedParameter ? "Tensor" : "Parameter";
        return kind + " containing: [" + type + " of size " + size + device + "]";
    }

    /**
     * Returns PyTorch's old name for the dtype and device of a tensor: {@code torch.FloatTensor},
     * {@code torch.cuda.HalfTensor}.
     */
    static String typename(Tensor tensor) {
        String element =
                switch (tensor.dtype()) {
                    case FLOAT32 -> "Float";
                    case FLOAT64 -> "Double";
                    case FLOAT16 -> "Half";
                    case BFLOAT16 -> "BFloat16";
                    case UINT8 -> "Byte";
                    case INT8 -> "Char";
                    case INT16 -> "Short";
                    case INT32 -> "Int";
                    case INT64 -> "Long";
                    case BOOL -> "Bool";
                    case COMPLEX64 -> "ComplexFloat";
                    case COMPLEX128 -> "ComplexDouble";
                    default -> {
                        String name = tensor.dtype().toString();
                        yield name.substring(name.indexOf('.') + 1);
                    }
                };
        String type = tensor.device().type();
        return "torch." + (type.equals("cpu") ? "" : type + ".") + element + "Tensor";
    }

    private static String block(Module<?, ?> module, List<String> lines) {
        return module.className() + "(\n  " + String.join("\n  ", lines) + "\n)";
    }

    /** Returns the text with every line except the first indented by two spaces. Blank lines are emptied. */
    private static String indent(String text) {
        String[] lines = text.split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            lines[i] = lines[i].isBlank() ? "" : "  " + lines[i];
        }
        return String.join("\n", lines);
    }
}
