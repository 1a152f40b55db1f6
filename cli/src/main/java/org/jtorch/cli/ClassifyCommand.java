package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.PythonText;
import org.jtorch.models.classification.Classification;
import org.jtorch.models.classification.LabelScore;
import org.jtorch.models.images.ImageClassifier;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.text.TextClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch classify}: says to which class texts or images belong. */
@Command(
        name = "classify",
        description = {
            "Says to which class texts or images belong.",
            "The model decides which they are: one whose architecture ends with ForSequenceClassification takes texts."
        })
final class ClassifyCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    ModelFolder folder = new ModelFolder();

    @Parameters(index = "1..*", paramLabel = "TEXT|IMAGE", description = "The texts, or the files of the images.")
    List<String> items = List.of();

    @Option(
            names = "--pair",
            paramLabel = "TEXT",
            description = "The second text of each pair, for a model of pairs of texts.")
    @Nullable
    String pair;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "How many classes to show, those that are likeliest (default: ${DEFAULT-VALUE}).")
    int top = 5;

    @Override
    public Integer call() {
        if (items.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "there is no TEXT or IMAGE to classify");
        }
        if (top < 1) {
            throw new ParameterException(spec.commandLine(), "--top is " + top + ", but must be 1 or more");
        }
        Path path = folder.path();
        if (takesTexts(path)) {
            try (TextClassifier classifier = TextClassifier.load(path)) {
                String second = pair;
                print(
                        second == null
                                ? classifier.classifyAll(items)
                                : items.stream()
                                        .map(text -> classifier.classify(text, second))
                                        .toList());
            }
        } else {
            if (pair != null) {
                throw new ParameterException(spec.commandLine(), "--pair is only for models of texts");
            }
            ImageClassifier classifier = ImageClassifier.load(path);
            print(items.stream().map(item -> classifier.classify(Path.of(item))).toList());
        }
        return 0;
    }

    private static boolean takesTexts(Path path) {
        return ModelConfig.read(path).get("architectures") instanceof List<?> names
                && !names.isEmpty()
                && String.valueOf(names.get(0)).endsWith("ForSequenceClassification");
    }

    private void print(List<Classification> classifications) {
        PrintWriter print = spec.commandLine().getOut();
        for (int i = 0; i < items.size(); i++) {
            print.println(items.get(i));
            for (LabelScore score :
                    classifications.get(i).scores().stream().limit(top).toList()) {
                print.println(
                        String.format(Locale.ROOT, "  %7.4f  %s", score.score(), PythonText.printable(score.label())));
            }
        }
        print.flush();
    }
}
