/** The {@code jtorch} command. */
module org.jtorch.cli {
    requires org.jtorch.distributed;
    requires org.jtorch.models;
    requires org.jtorch.text;
    requires org.jtorch.tools;
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires jdk.jshell;

    // The command line is filled in by reflection.
    opens org.jtorch.cli to
            info.picocli;
}
