package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jtorch.models.Pretrained;
import org.jtorch.models.hub.Hub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code jtorch models}: shows which models can be read, and which ones are there. */
@Command(
        name = "models",
        description = {
            "Shows which kinds of models the commands 'embed', 'classify' and 'generate' can read,",
            "and which models have been downloaded from the Hugging Face Hub."
        })
final class ModelsCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        print.println("Kinds of models, by the name in config.json:");
        Pretrained.architectures().forEach(name -> print.println("  " + name));
        print.println();
        List<String> cached = Hub.cached(o -> {});
        print.println(cached.isEmpty() ? "No model has been downloaded." : "Downloaded models:");
        cached.forEach(name -> {
            Path folder = Hub.find(name, "main", o -> {});
            print.println("  " + name + (folder == null ? "  (not complete)" : ""));
        });
        print.flush();
        return 0;
    }
}
