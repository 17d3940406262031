using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel;

/// <summary>An XDP program in the kernel.</summary>
public sealed unsafe class XdpProgram : IDisposable
{
    /// <summary>Room for what a program puts in front of a packet.</summary>
    private const int Growth = 256;

    internal XdpProgram(string name, Descriptor descriptor)
    {
        Name = name;
        Descriptor = descriptor;
    }

    /// <summary>Name of the program.</summary>
    public string Name { get; }

    internal Descriptor Descriptor { get; }

    /// <summary>Runs the program on a packet, without any interface (<c>BPF_PROG_TEST_RUN</c>).</summary>
    /// <param name="packet">The frame, at least 14 bytes.</param>
    /// <param name="repeat">How often; the kernel does not restore the packet between runs.</param>
    /// <param name="ingressInterface">Where the packet seems to come from; the loopback unless told.</param>
    /// <param name="metadata">
    /// Bytes of metadata in front of the packet, a multiple of 4: they take from the 256 that a driver leaves there, and
    /// stand in front of the frame in the result.
    /// </param>
    public TestRun Run(ReadOnlySpan<byte> packet, int repeat = 1, int ingressInterface = 0, int metadata = 0)
    {
        byte[] withMetadata = [.. new byte[metadata], .. packet];
        var output = new byte[withMetadata.Length + Growth];
        var context = new XdpContext
        {
            Data = (uint)metadata,
            DataEnd = (uint)withMetadata.Length,
            IngressInterface = (uint)ingressInterface,
        };
        bool hasContext = ingressInterface != 0 || metadata != 0;
        fixed (byte* input = withMetadata)
        fixed (byte* result = output)
        {
            var options = new TestRunOptions
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = input,
                DataSizeIn = (uint)withMetadata.Length,
                DataOut = result,
                DataSizeOut = (uint)output.Length,
                ContextIn = hasContext ? &context : null,
                ContextSizeIn = hasContext ? (uint)sizeof(XdpContext) : 0,
                Repeat = repeat,
            };
            Failure.Check(LibBpf.TestRun(Descriptor, &options), $"bpf_prog_test_run_opts({Name})");
            return new TestRun(
                (XdpAction)options.Result, output[..(int)options.DataSizeOut], (int)options.Duration);
        }
    }

    /// <summary>
    /// Runs the program on frames as drivers have them, and sends what it sends (<c>BPF_F_TEST_XDP_LIVE_FRAMES</c>, Linux
    /// 5.18).
    /// </summary>
    /// <param name="packet">The frame, at least 14 bytes; the program finds it as the one before has left it.</param>
    /// <param name="count">How many.</param>
    /// <param name="ingressInterface">Where they seem to come from.</param>
    public void RunLive(ReadOnlySpan<byte> packet, int count, int ingressInterface)
    {
        const uint LiveFrames = 1 << 1;
        var context = new XdpContext { DataEnd = (uint)packet.Length, IngressInterface = (uint)ingressInterface };
        fixed (byte* input = packet)
        {
            var options = new TestRunOptions
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = input,
                DataSizeIn = (uint)packet.Length,
                ContextIn = &context,
                ContextSizeIn = (uint)sizeof(XdpContext),
                Repeat = count,
                Flags = LiveFrames,
            };
            Failure.Check(LibBpf.TestRun(Descriptor, &options), $"bpf_prog_test_run_opts({Name}, live frames)");
        }
    }

    /// <summary>
    /// Asks the kernel how many instructions its verifier has walked, those that it walked more than once each time; 0 where
    /// it does not say (before Linux 5.16).
    /// </summary>
    public int ReadVerifiedInstructions()
    {
        ProgramLoad info = default;
        uint size = (uint)sizeof(ProgramLoad);
        Failure.Check(LibBpf.Info(Descriptor, &info, &size), $"bpf_obj_get_info_by_fd({Name})");
        return (int)info.VerifiedInstructions;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Asks the kernel whether it runs the program as machine code.</summary>
    internal bool IsCompiled()
    {
        ProgramDetails details = default;
        uint size = (uint)sizeof(ProgramDetails);
        Failure.Check(LibBpf.Info(Descriptor, &details, &size), $"bpf_obj_get_info_by_fd({Name})");
        return details.CompiledSize > 0;
    }

    /// <summary>Asks the kernel for the program's id.</summary>
    internal uint ReadId()
    {
        ProgramInfo info = default;
        uint size = (uint)sizeof(ProgramInfo);
        Failure.Check(LibBpf.Info(Descriptor, &info, &size), $"bpf_obj_get_info_by_fd({Name})");
        return info.Id;
    }
}
