package org.jtorch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.models.hub.Hub;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The folder of a model, which may be given by its name on the Hub. */
final class ModelFolder {

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description =
                    "The folder of a model, or its name on the Hugging Face Hub, from which it is downloaded once.")
    String place;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description = "The branch, tag or commit on the Hub (default: ${DEFAULT-VALUE}).")
    String revision = "main";

    /** Returns the folder, and downloads it if it is not there. */
    Path path() {
        Path folder = Path.of(place);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        if (!Hub.isName(place)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no folder '" + place + "', and it is not the name of a model on the Hub");
        }
        try (ByteProgress progress = new ByteProgress()) {
            return Hub.download(place, revision, o -> o.progress(progress::at));
        }
    }
}
