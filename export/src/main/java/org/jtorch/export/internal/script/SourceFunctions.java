package org.jtorch.export.internal.script;

import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.NodeText;

/** Nodes that compute numbers from sizes, as expressions of TorchScript. */
final class SourceFunctions {

    private static final Map<String, String> INFIX = Map.ofEntries(
            Map.entry("_operator.add", "+"),
            Map.entry("_operator.sub", "-"),
            Map.entry("_operator.mul", "*"),
            Map.entry("_operator.floordiv", "//"),
            Map.entry("_operator.mod", "%"),
            Map.entry("_operator.truediv", "/"),
            Map.entry("_operator.eq", "=="),
            Map.entry("_operator.ne", "!="),
            Map.entry("_operator.lt", "<"),
            Map.entry("_operator.le", "<="),
            Map.entry("_operator.gt", ">"),
            Map.entry("_operator.ge", ">="),
            Map.entry("_operator.lshift", "<<"),
            Map.entry("_operator.rshift", ">>"));

    private static final Map<String, String> CALLS = Map.ofEntries(
            Map.entry("torch.sym_max", "max"),
            Map.entry("torch.sym_min", "min"),
            Map.entry("torch.sym_int", "int"),
            Map.entry("math.trunc", "int"),
            Map.entry("math.floor", "torch.floor"),
            Map.entry("math.ceil", "torch.ceil"),
            Map.entry("torch.sym_float", "float"),
            Map.entry("torch.sym_not", "not "),
            Map.entry("_operator.neg", "-"),
            Map.entry("_operator.pos", ""),
            Map.entry("torch.sym_sqrt", "torch.sqrt"),
            Map.entry("torch._sym_sqrt", "torch.sqrt"),
            Map.entry("torch.sym_sqrt.default", "torch.sqrt"));

    private SourceFunctions() {}

    /**
     * Returns the expression of a node.
     *
     * @throws ExportException if the node is no such function
     */
    static String of(Node node, SourceValues values) {
        List<String> a = node.inputs().stream()
                .map(each -> "(" + values.text(each.arg(), null, NodeText.of(node)) + ")")
                .toList();
        String target = node.target();
        String infix = INFIX.get(target);
        if (infix != null && a.size() == 2) {
            return a.get(0) + " " + infix + " " + a.get(1);
        }
        String name = CALLS.get(target);
        if (name != null) {
            return name + (a.size() == 1 ? a.get(0) : "(" + String.join(", ", a) + ")");
        }
        boolean truth = !node.outputs().isEmpty() && node.outputs().get(0) instanceof Argument.SymBool;
        boolean whole = !node.outputs().isEmpty() && node.outputs().get(0) instanceof Argument.SymInt;
        switch (target) {
            case "_operator.and_", "_operator.or_" -> {
                boolean and = target.equals("_operator.and_");
                return a.get(0) + (truth ? and ? " and " : " or " : and ? " & " : " | ") + a.get(1);
            }
            case "_operator.pow" -> {
                return whole ? "int(" + a.get(0) + " ** " + a.get(1) + ")" : a.get(0) + " ** " + a.get(1);
            }
            case "torch.sym_ite" -> {
                return a.get(1) + " if " + a.get(0) + " else " + a.get(2);
            }
            default -> throw ForwardSource.cannot(node, "it is neither an operator of aten nor a function of sizes");
        }
    }
}
