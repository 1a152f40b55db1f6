package org.jtorch.serialize.format;

/** The formats of checkpoint files. */
public enum CheckpointFormat {
    /** The format of {@code torch.save} since PyTorch 1.6: a zip archive of a pickle and the tensors' bytes. */
    TORCH,
    /** The format of {@code torch.save} before PyTorch 1.6: pickles, and the tensors' bytes after them. */
    TORCH_LEGACY,
    /** The format of {@code torch.jit.save}: a zip archive of a module's code, its pickle and the tensors' bytes. */
    TORCHSCRIPT,
    /** <a href="https://huggingface.co/docs/safetensors">safetensors</a>: a JSON header and the tensors' bytes. */
    SAFETENSORS,
    /** An index in JSON, {@code model.safetensors.index.json}, of the files next to it that contain the tensors. */
    SHARDED,
    /**
     * A folder of {@code torch.distributed.checkpoint}: an index, {@code .metadata}, and files of the format of {@code
     * torch.save}, one after the other, {@code *.distcp}, with what each process saved.
     */
    DISTRIBUTED
}
