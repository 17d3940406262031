using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>The program at traffic control that hands packets of relays to their sockets.</summary>
public sealed unsafe class TcProgram : IDisposable
{
    private TcProgram(Descriptor descriptor, uint id)
    {
        Descriptor = descriptor;
        Id = id;
    }

    /// <summary>The number that the kernel gave it.</summary>
    internal uint Id { get; }

    internal Descriptor Descriptor { get; }

    /// <summary>Loads it onto the maps of a data plane, for tests.</summary>
    /// <param name="datapath">Whose maps it reads.</param>
    /// <param name="mark">The mark of packets that it hands over.</param>
    public static TcProgram Load(LoadedDatapath datapath, uint mark)
    {
        ArgumentNullException.ThrowIfNull(datapath);
        return Load(datapath.Maps, mark, NullLogger.Instance);
    }

    /// <summary>Runs the program on a packet, without any interface (<c>BPF_PROG_TEST_RUN</c>).</summary>
    /// <returns>The mark that the packet got; 0 for a packet that goes on as it came.</returns>
    public uint Run(ReadOnlySpan<byte> packet)
    {
        const int ContextSize = 192; // struct __sk_buff
        const int MarkAt = 8;
        byte[] output = new byte[packet.Length + 256];
        byte* context = stackalloc byte[ContextSize];
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
                ContextOut = context,
                ContextSizeOut = ContextSize,
                Repeat = 1,
            };
            Failure.Check(LibBpf.TestRun(Descriptor, &options), $"bpf_prog_test_run_opts({EmbeddedObject.Tc})");
            return *(uint*)(context + MarkAt);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Loads it onto maps that are there.</summary>
    internal static TcProgram Load(IReadOnlyDictionary<string, Descriptor> maps, uint mark, ILogger logger)
    {
        using var opened = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Tc), EmbeddedObject.Tc, logger);
        opened.Reuse(maps);
        opened.SetConstant(mark);
        opened.Load();
        Descriptor program = opened.TakeProgram(EmbeddedObject.Tc);
        // The program that looks at the descriptor does not close it.
        return new TcProgram(program, new XdpProgram(EmbeddedObject.Tc, program).ReadId());
    }
}
