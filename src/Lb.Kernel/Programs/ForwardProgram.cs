using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>The program that forwards at traffic control what <c>lb_xdp</c> leaves to it.</summary>
public sealed unsafe class ForwardProgram : IDisposable
{
    private const int Pass = -1; // TC_ACT_UNSPEC
    private const int Shot = 2; // TC_ACT_SHOT
    private const int Redirect = 7; // TC_ACT_REDIRECT

    private ForwardProgram(Descriptor descriptor, uint id)
    {
        Descriptor = descriptor;
        Id = id;
    }

    /// <summary>The number that the kernel gave it.</summary>
    internal uint Id { get; }

    internal Descriptor Descriptor { get; }

    /// <summary>Loads it onto the maps of a data plane, for tests and measurements.</summary>
    /// <param name="datapath">Whose maps it reads and writes.</param>
    public static ForwardProgram Load(LoadedDatapath datapath)
    {
        ArgumentNullException.ThrowIfNull(datapath);
        return Load(datapath.Maps, NullLogger.Instance);
    }

    /// <summary>Runs the program on a packet (<c>BPF_PROG_TEST_RUN</c>).</summary>
    /// <param name="packet">The frame, at least 14 bytes.</param>
    /// <param name="ingressInterface">Where the packet seems to come from; the loopback unless told.</param>
    /// <param name="segment">Payload of each of the packets that were joined into this one, in bytes; 0 for one alone.</param>
    /// <param name="hasSum">
    /// The host has a sum of the whole packet, as network cards make one: the run fails when that is not the packet's
    /// afterwards.
    /// </param>
    /// <param name="repeat">How often; the kernel does not restore the packet between runs.</param>
    /// <returns>A packet that is sent back is redirected too: which interface it leaves by is not told.</returns>
    /// <exception cref="KernelException">The kernel refused, or the sum is wrong (<c>EBADMSG</c>).</exception>
    public TestRun Run(
        ReadOnlySpan<byte> packet, int ingressInterface = 0, int segment = 0, bool hasSum = false, int repeat = 1)
    {
        const uint ChecksumComplete = 1 << 2; // BPF_F_TEST_SKB_CHECKSUM_COMPLETE
        byte[] output = new byte[packet.Length + 256];
        SkbContext context = new() { Interface = (uint)ingressInterface, SegmentSize = (uint)segment };
        fixed (byte* input = packet)
        fixed (byte* result = output)
        {
            var options = new TestRunOptions
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = input,
                DataSizeIn = (uint)packet.Length,
                DataOut = result,
                DataSizeOut = (uint)output.Length,
                ContextIn = &context,
                ContextSizeIn = (uint)sizeof(SkbContext),
                Repeat = repeat,
                Flags = hasSum ? ChecksumComplete : 0,
            };
            Failure.Check(LibBpf.TestRun(Descriptor, &options), $"bpf_prog_test_run_opts({EmbeddedObject.Forward})");
            return new TestRun(
                ActionOf((int)options.Result), output[..(int)options.DataSizeOut], (int)options.Duration);
        }
    }

    /// <summary>As <see cref="XdpProgram.ReadVerifiedInstructions"/>.</summary>
    public int ReadVerifiedInstructions() => new XdpProgram(EmbeddedObject.Forward, Descriptor).ReadVerifiedInstructions();

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Loads it onto maps that are there.</summary>
    internal static ForwardProgram Load(IReadOnlyDictionary<string, Descriptor> maps, ILogger logger)
    {
        using var opened = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Forward), EmbeddedObject.Forward, logger);
        opened.Reuse(maps);
        opened.Load();
        Descriptor program = opened.TakeProgram(EmbeddedObject.Forward);
        // The program that looks at the descriptor does not close it.
        return new ForwardProgram(program, new XdpProgram(EmbeddedObject.Forward, program).ReadId());
    }

    private static XdpAction ActionOf(int result) => result switch
    {
        Pass => XdpAction.Pass,
        Shot => XdpAction.Drop,
        Redirect => XdpAction.Redirect,
        _ => XdpAction.Aborted,
    };
}
