using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

[Collection(KernelCollection.Name)]
public sealed class ProgramObjectTests
{
    // Reads a register that nothing was written to.
    private const string Rejected = """
        __attribute__((section("xdp"))) int lb_rejected(void *ctx)
        {
            int result;

            asm volatile("%0 = r9" : "=r"(result));
            return result;
        }
        char _license[] __attribute__((section("license"))) = "GPL";
        """;

    [RootFact]
    public void Program_that_the_verifier_rejects_fails_with_its_log()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("lbk-");
        try
        {
            string source = Path.Combine(directory.FullName, "rejected.c");
            string compiled = Path.ChangeExtension(source, ".o");
            File.WriteAllText(source, Rejected);
            Command.Run("clang", "-O2", "-target", "bpf", "-c", source, "-o", compiled);

            KernelException refused = Assert.Throws<KernelException>(
                () => ProgramObject.Load(File.ReadAllBytes(compiled), "rejected"));

            Assert.Equal("bpf_object__load(rejected)", refused.Call);
            Assert.Equal("EACCES", refused.ErrnoName);
            Assert.Contains("R9 !read_ok", refused.VerifierLog, StringComparison.Ordinal);
            Assert.Contains("R9 !read_ok", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [RootFact]
    public void File_that_is_no_object_fails_with_what_libbpf_says_in_the_log()
    {
        var logger = new RecordingLogger();

        KernelException refused = Assert.Throws<KernelException>(
            () => ProgramObject.Load("no object"u8, "nothing", logger));

        Assert.Equal("bpf_object__open_mem(nothing)", refused.Call);
        Assert.NotEmpty(logger.Entries);
    }

    [RootFact]
    public void Decap_program_loads_and_passes_what_is_no_tunnel()
    {
        using var decap = ProgramObject.Load(EmbeddedObject.Read(EmbeddedObject.Decap), EmbeddedObject.Decap);
        using XdpProgram program = decap.Program(EmbeddedObject.Decap);
        byte[] frame = Frames.TcpSyn(new Flow(
            Samples.Hop4.SourceAddress, 1, Samples.Vip4.Address, 80, TransportProtocol.Tcp));

        TestRun run = program.Run(frame);

        Assert.Equal(XdpAction.Pass, run.Action);
        Assert.Equal(frame, run.Packet);
    }
}
