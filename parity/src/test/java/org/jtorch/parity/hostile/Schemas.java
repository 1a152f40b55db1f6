package org.jtorch.parity.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.OperatorHandleOptional;
import org.bytedeco.pytorch.OperatorName;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.Torch;

/** The schemas of all operators of the engine, sorted. */
final class Schemas {

    /**
     * One operator.
     *
     * @param name the name with its namespace
     * @param overload the overload; empty for the one without a name
     * @param parameters the parameters
     */
    record Schema(String name, String overload, List<Parameter> parameters) {
        String subject() {
            return name + (overload.isEmpty() ? "" : "." + overload);
        }
    }

    /** A parameter such as {@code int[2] kernel_size}: the type without its alias set. */
    record Parameter(String type, String name) {}

    private static final Pattern HEAD = Pattern.compile("(\\w+::\\w+)(?:\\.(\\w+))?\\((.*)\\) ->.*");
    private static final Pattern PARAMETER = Pattern.compile(
            "(?:^|, )([A-Za-z_]\\w*(?:\\([^)]*\\))?[\\w\\[\\]?]*) (\\w+)(?:=[^,\\[]*(?:\\[[^\\]]*\\])?)?(?=, |$)");

    private Schemas() {}

    static List<Schema> all() {
        Torch.getNumThreads(); // Loads the engine.
        List<String> texts = new ArrayList<>();
        OperatorName names = Dispatcher.singleton().getAllOpNames();
        for (long i = 0; i < names.limit(); i++) {
            OperatorName name = names.getPointer(OperatorName.class, i);
            OperatorHandleOptional handle = Dispatcher.singleton().findSchema(name);
            if (handle.has_value()) {
                try (BytePointer text = torch.toString(handle.get().schema())) {
                    texts.add(text.getString());
                }
            }
        }
        texts.sort(null);
        return texts.stream().map(Schemas::parse).toList();
    }

    private static Schema parse(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            throw new IllegalArgumentException("not a schema: " + text);
        }
        List<Parameter> parameters = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(head.group(3).replace(", *,", ",").replaceFirst("^\\*, ", ""));
        while (parameter.find()) {
            parameters.add(new Parameter(parameter.group(1).replaceAll("\\([^)]*\\)", ""), parameter.group(2)));
        }
        return new Schema(head.group(1), head.group(2) == null ? "" : head.group(2), parameters);
    }
}
