package org.jtorch.cli;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.serialize.LoadOptions;
import picocli.CommandLine.Option;

/** The options of every command that reads a checkpoint. */
final class ReadingOptions {

    static final String ALLOW = "--allow";

    static final String ALLOW_ALL = "--allow-all";

    @Option(
            names = ALLOW,
            paramLabel = "CLASS",
            description =
                    "Read objects of this Python class, for example argparse.Namespace, as plain records. The class is not"
                            + " run. May be given more than once.")
    List<String> allow = List.of();

    @Option(
            names = ALLOW_ALL,
            description = "Read objects of all unknown classes as plain records. The classes are not run.")
    boolean allowAll;

    Consumer<LoadOptions> load() {
        return o -> {
            o.allow(allow.toArray(new String[0]));
            if (allowAll) {
                o.allowUnknownClasses();
            }
        };
    }
}
