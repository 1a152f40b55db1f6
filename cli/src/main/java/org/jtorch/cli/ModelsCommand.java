package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            "Shows which kinds of models there are, by the name in config.json, and what each is for.",
            "Then shows which models have been downloaded from the Hugging Face Hub."
        })
final class ModelsCommand implements Callable<Integer> {

    private static final String IMAGES = "jtorch classify, for images";

    @Spec
    CommandSpec spec;

    /** Returns what a model is for. */
    private static String use(String architecture) {
        if (architecture.matches(".*(ForCausalLM|LMHeadModel)")) {
            return "jtorch generate";
        }
        if (architecture.endsWith("ForSequenceClassification")) {
            return "jtorch classify, for texts";
        }
        if (architecture.matches(".*For.*") || architecture.startsWith("T5")) {
            return architecture.endsWith("ForImageClassification") ? IMAGES : "in Java only";
        }
        return architecture.matches("(Bert|Roberta|XLMRoberta|Camembert|DistilBert|MPNet)Model")
                ? "jtorch embed, in a folder of sentence-transformers"
                : architecture.endsWith("Model") ? "in Java only" : IMAGES;
    }

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        Map<String, List<String>> uses = new TreeMap<>();
        Pretrained.architectures().forEach(name -> uses.computeIfAbsent(use(name), use -> new ArrayList<>())
                .add(name));
        uses.forEach((use, names) -> {
            print.println(use + ":");
            names.forEach(name -> print.println("  " + name));
            print.println();
        });
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
