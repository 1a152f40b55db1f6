package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.text.GeneratedText;
import org.jtorch.text.TextGenerator;
import org.jtorch.text.chat.ChatMessage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch generate}: continues or answers a text. */
@Command(
        name = "generate",
        description = {
            "Continues a text, or answers in a conversation, and prints the pieces as they come.",
            "A model with an encoder, such as T5, answers the text instead of continuing it.",
            "What is not given is taken from the folder's generation_config.json."
        })
final class GenerateCommand implements Callable<Integer> {

    /** What would move the cursor of a terminal. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

    @Spec
    CommandSpec spec;

    @Mixin
    ModelFolder folder = new ModelFolder();

    @Parameters(index = "1", paramLabel = "PROMPT", description = "The text, or with --chat what the user says.")
    String prompt;

    @Option(names = "--chat", description = "Answer the prompt, by the folder's template of conversations.")
    boolean chat;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "With --chat: what is said to the model before the prompt.")
    @Nullable
    String system;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "The greatest number of new tokens (default: ${DEFAULT-VALUE}).")
    long maxNewTokens = 200;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Draw tokens: above 1 rare ones more often, below 1 less often; 0 takes the likeliest one.")
    @Nullable
    Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Draw from the K likeliest tokens; 0 draws from all of them.")
    @Nullable
    Long topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the likeliest tokens that have this probability together.")
    @Nullable
    Double topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of drawn tokens (default: another one each time).")
    @Nullable
    Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End at this text. May be given several times.")
    List<String> stops = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            converter = DTypeNames.Any.class,
            description = "The dtype of the weights, such as bfloat16 (default: that of the file).")
    @Nullable
    DType dtype;

    @Override
    public Integer call() {
        if (system != null && !chat) {
            throw new ParameterException(spec.commandLine(), "--system is only for conversations: give --chat too");
        }
        PrintWriter print = spec.commandLine().getOut();
        Path path = folder.path();
        boolean searches = GenerationOptions.of(o -> o.fromPretrained(path)).chosenNumBeams() > 1;
        try (TextGenerator generator = TextGenerator.load(
                path,
                o -> o.model(m -> {
                    if (dtype != null) {
                        m.dtype(dtype);
                    }
                }))) {
            if (searches) { // a beam search knows its text only at the end
                GeneratedText text =
                        chat ? generator.chat(messages(), options()) : generator.generate(prompt, options());
                print.print(printable(text.text()));
            } else {
                printPieces(print, generator);
            }
        }
        print.println();
        print.flush();
        return 0;
    }

    private void printPieces(PrintWriter print, TextGenerator generator) {
        try (Stream<String> pieces =
                chat ? generator.streamChat(messages(), options()) : generator.stream(prompt, options())) {
            for (Iterator<String> each = pieces.iterator(); each.hasNext() && !print.checkError(); ) {
                print.print(printable(each.next()));
                print.flush();
            }
        }
    }

    private static String printable(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    private List<ChatMessage> messages() {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.system(system));
        }
        messages.add(ChatMessage.user(prompt));
        return messages;
    }

    private Consumer<GenerationOptions> options() {
        return o -> {
            o.maxNewTokens(maxNewTokens);
            if (!stops.isEmpty()) {
                o.stopStrings(stops.toArray(String[]::new));
            }
            if (temperature != null && temperature == 0) {
                o.doSample(false);
            } else if (temperature != null || topK != null || topP != null) {
                o.doSample(true);
            }
            if (temperature != null && temperature != 0) {
                o.temperature(temperature);
            }
            if (topK != null) {
                o.topK(topK);
            }
            if (topP != null) {
                o.topP(topP);
            }
            if (seed != null) {
                o.generator(new Generator().manualSeed(seed));
            }
        };
    }
}
