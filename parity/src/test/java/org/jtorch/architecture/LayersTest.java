package org.jtorch.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers are Maven modules whose dependencies point down only; and rules for what a library must not do. */
class LayersTest {

    /**
     * A layer.
     *
     * @param module the Maven module
     * @param packages the packages, as ArchUnit writes them
     */
    private record Layer(String module, List<String> packages) {
        Layer(String module, String... packages) {
            this(module, List.of(packages));
        }

        String[] patterns() {
            return packages.toArray(String[]::new);
        }

        boolean holds(JavaClass item) {
            return packages.stream().anyMatch(p -> PackageMatcher.of(p).matches(item.getPackageName()));
        }
    }

    private static final Layer TENSOR =
            new Layer("tensor", "org.jtorch", "org.jtorch.amp..", "org.jtorch.autograd..", "org.jtorch.internal..");
    private static final Layer CLI = new Layer("cli", "org.jtorch.cli..");
    private static final Layer SPARK = new Layer("spark", "org.jtorch.spark..");

    /** The layers from top to bottom. */
    private static final List<Layer> LAYERS = List.of(
            SPARK,
            CLI,
            new Layer("tools", "org.jtorch.tools.."),
            new Layer("langchain4j", "org.jtorch.langchain4j.."),
            new Layer("text", "org.jtorch.text.."),
            new Layer("models", "org.jtorch.models.."),
            new Layer("export", "org.jtorch.export.."),
            new Layer("distributed", "org.jtorch.distributed.."),
            new Layer("optim", "org.jtorch.optim.."),
            new Layer("data", "org.jtorch.data.."),
            new Layer("serialize", "org.jtorch.serialize.."),
            new Layer("nn", "org.jtorch.nn.."),
            TENSOR);

    /** Modules that are not part of the library: the generator, and modules next to the layers. */
    private static final Set<String> BESIDE = Set.of("opgen", "parity", "benchmarks", "examples");

    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?(org\\.jtorch(?:\\.[a-z_0-9]+)*)\\.[A-Z].*;$", Pattern.MULTILINE);

    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass item) {
            return SliceIdentifier.of(item.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/org/jtorch/parity/"))
            .importPackages("org.jtorch");

    /** A rule that sees no class passes. Therefore every module with sources must be on this module's class path. */
    @Test
    void everyModuleIsSeen() throws IOException {
        List<String> modules;
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            modules = folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(module -> !BESIDE.contains(module))
                    .toList();
        }
        assertTrue(modules.contains(TENSOR.module()), () -> "not run in a module's folder? found " + modules);
        for (String module : modules) {
            assertTrue(
                    CLASSES.stream().anyMatch(c -> comesFrom(c, module)),
                    () -> "no class of module " + module + " is seen: make it a dependency of parity");
        }
    }

    @Test
    void everyClassComesFromTheModuleOfItsLayer() {
        classes().should(comeFromTheModuleOfTheirLayer()).check(CLASSES);
    }

    @Test
    void arrowsPointDown() {
        Architectures.LayeredArchitecture rule =
                Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (Layer layer : LAYERS) {
            rule = rule.optionalLayer(layer.module()).definedBy(layer.patterns());
        }
        String[] names = LAYERS.stream().map(Layer::module).toArray(String[]::new);
        rule = rule.whereLayer(names[0]).mayNotBeAccessedByAnyLayer();
        for (int i = 1; i < names.length; i++) {
            rule = rule.whereLayer(names[i])
                    .mayOnlyBeAccessedByLayers(List.of(names).subList(0, i).toArray(String[]::new));
        }
        rule.check(CLASSES);
    }

    /** Each package is a slice of its own. A package and one below it must not depend on each other either. */
    @Test
    void noCircleBetweenPackages() {
        SlicesRuleDefinition.slices()
                .assignedFrom(PACKAGES)
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** A link in a comment counts too if it needs an import. */
    @Test
    void noCircleBetweenImports() throws IOException {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (Path folder : sourceFolders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java"))
                        .toList()) {
                    String source = Files.readString(file);
                    String from = packageOf(folder.relativize(file).toString().replace(File.separatorChar, '.'));
                    Matcher imported = IMPORT.matcher(source);
                    while (imported.find()) {
                        String to = imported.group(1);
                        if (!to.equals(from)) {
                            arrows.computeIfAbsent(from, p -> new TreeSet<>()).add(to);
                        }
                    }
                }
            }
        }
        assertTrue(arrows.size() > 40, () -> "only these packages import: " + arrows.keySet());
        Set<String> standing = new TreeSet<>(arrows.keySet());
        // A package that imports none of the remaining packages is not in a circle.
        while (standing.removeIf(p -> arrows.get(p).stream().noneMatch(standing::contains))) {}
        standing.removeIf(
                p -> standing.stream().noneMatch(other -> arrows.get(other).contains(p)));
        assertEquals(Set.of(), standing, () -> "these packages import each other in circles, or lie between circles");
    }

    private static String packageOf(String file) {
        String name = file.substring(0, file.length() - ".java".length());
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static List<Path> sourceFolders() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            return folders.map(folder -> folder.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    @Test
    void onlyTheTensorModuleSeesTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(TENSOR.patterns())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .because("the engine can then be swapped, or its bindings, in one module")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /**
     * The module system uses the hub, optimizers use the checks of strides, files use borrowed bytes, loaders hand tensors over
     * from thread to thread, graphs need all results of an operator, weights of 8 bits a
     * kernel that does not check its arguments, and groups of processes know the leaves of a graph. No other module may use internals.
     */
    @Test
    void internalsAreForTheModulesThatStandOnThem() {
        noClasses()
                .that()
                .resideOutsideOfPackages(TENSOR.patterns())
                .and()
                .resideOutsideOfPackages(
                        "org.jtorch.nn..",
                        "org.jtorch.optim..",
                        "org.jtorch.serialize..",
                        "org.jtorch.data..",
                        "org.jtorch.export..",
                        "org.jtorch.distributed..",
                        "org.jtorch.models.quantization..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.jtorch.internal", "org.jtorch.internal.engine..", "org.jtorch.internal.guards..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** There is one exception: users who wait for 466 MB to be unpacked see a message, which can be switched off. */
    @Test
    void onlyTheCommandPrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI.patterns())
                .and()
                .doNotHaveSimpleName("UnpackingProgress")
                .should(ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI.patterns())
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void nothingLogsThroughJavaUtilLogging() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> comeFromTheModuleOfTheirLayer() {
        return new ArchCondition<>("come from the module of their layer") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean right = LAYERS.stream().anyMatch(l -> l.holds(item) && comesFrom(item, l.module()));
                String from = item.getSource().map(s -> s.getUri().toString()).orElse("nowhere");
                events.add(new SimpleConditionEvent(item, right, item.getName() + " comes from " + from));
            }
        };
    }

    /** Returns whether {@code item} is in the module's jar (as at {@code verify}) or in its classes (as at {@code test}). */
    private static boolean comesFrom(JavaClass item, String module) {
        return item.getSource()
                .map(source -> source.getUri().toString())
                .filter(uri ->
                        uri.contains("/" + module + "/target/classes/") || uri.contains("/jtorch-" + module + "-"))
                .isPresent();
    }
}
