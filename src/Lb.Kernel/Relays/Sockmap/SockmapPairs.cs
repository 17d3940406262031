using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Relays;

/// <summary>
/// The pairs of sockets that the kernel moves bytes between for one loop: program and maps of its own, so that loops share
/// nothing. Nothing is pinned: the last descriptor takes all of it along.
/// </summary>
internal sealed unsafe class SockmapPairs : IDisposable
{
    /// <summary>Most pairs at once.</summary>
    public const int Most = 16_384;

    /// <summary>Memory of what one direction has moved and the other side has not acknowledged, beside what is left to the loop.</summary>
    public const uint Backlog = 512 * 1024;

    /// <summary>Older ones count what is left to the loop as something else, or not at all.</summary>
    private static readonly Version Oldest = new(6, 6);

    /// <summary>Time after which the program cannot be at work any more on a socket that was closed.</summary>
    private const long RestMilliseconds = 1000;

    private readonly Descriptor _numbers;
    private readonly RingBuffer<PairCallValue> _calls;
    private readonly RelayConnection?[] _owners = new RelayConnection?[Most];
    private readonly Queue<(uint Pair, long Since)> _resting = [];
    private uint _fresh;

    private SockmapPairs(BpfObject loaded)
    {
        Memory = new SockmapMemory(loaded.TakeMap("lb_pair_socks"), loaded.TakeMap("lb_pair_ends"));
        _numbers = loaded.TakeMap("lb_pair_index");
        _calls = new RingBuffer<PairCallValue>("lb_pair_calls", loaded.TakeMap("lb_pair_calls"));
    }

    /// <summary>The sockets.</summary>
    public SockmapMemory Memory { get; }

    /// <summary>Polled for pairs that the program leaves to the loop.</summary>
    public int Calls => _calls.Descriptor.Value;

    /// <summary>Makes maps and program.</summary>
    /// <exception cref="KernelException">This kernel does not take them.</exception>
    public static SockmapPairs Load(ILogger logger)
    {
        if (Environment.OSVersion.Version < Oldest)
        {
            throw new KernelException(
                $"This kernel is Linux {Environment.OSVersion.Version.ToString(2)}, where maps of sockets lose count of what is read from them.",
                $"Linux {Oldest} or newer is needed.");
        }

        using var opened = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Sockmap), EmbeddedObject.Sockmap, logger);
        foreach (string name in (string[])["lb_pair_socks", "lb_pair_index", "lb_pair_ends"])
        {
            opened.Maps[name].Resize(name, 2 * Most);
        }

        opened.SetConstant(Backlog);
        opened.Load();
        SockmapPairs pairs = new(opened);
        try
        {
            using Descriptor program = opened.TakeProgram(EmbeddedObject.Sockmap);
            Failure.Check(
                LibBpf.ProgramAttach(program, pairs.Memory.Sockets, LibBpf.AttachStreamVerdict, 0),
                "bpf_prog_attach(sk_skb/stream_verdict)");
            return pairs;
        }
        catch
        {
            pairs.Dispose();
            throw;
        }
    }

    /// <summary>Makes maps and program, and takes them away again.</summary>
    /// <returns>Why this kernel does not take them; null when it does.</returns>
    public static string? Try()
    {
        try
        {
            Load(NullLogger.Instance).Dispose();
            return null;
        }
        catch (KernelException refusal)
        {
            return refusal.Message;
        }
    }

    /// <summary>The connection that has a socket.</summary>
    public RelayConnection? Owner(uint index) => _owners[index / 2];

    /// <summary>Takes the numbers of a pair: that of the client's socket, and the next one.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(RelayConnection owner, long now, out uint first)
    {
        first = 0;
        if (_resting.TryPeek(out (uint Pair, long Since) rested) && now - rested.Since > RestMilliseconds)
        {
            _resting.Dequeue();
            first = 2 * rested.Pair;
        }
        else if (_fresh < Most)
        {
            first = 2 * _fresh++;
        }
        else
        {
            return false;
        }

        _owners[first / 2] = owner;
        Memory[first] = default;
        Memory[first + 1] = default;
        return true;
    }

    /// <summary>Gives numbers back.</summary>
    public void Return(uint first, long now)
    {
        _owners[first / 2] = null;
        _resting.Enqueue((first / 2, now));
    }

    /// <summary>Has the program know a socket.</summary>
    public bool TryName(ulong cookie, uint index) => LibBpf.Update(_numbers, &cookie, &index, 0) == 0;

    /// <summary>The program does not know a socket any more.</summary>
    public void Forget(ulong cookie) => _ = LibBpf.Delete(_numbers, &cookie);

    /// <summary>Puts a socket into the map: what comes for it goes to the program from then on.</summary>
    /// <returns>Why it cannot be; 0 when it is done.</returns>
    public Errno Insert(uint index, int socket)
    {
        ulong value = (uint)socket;
        return (Errno)(-LibBpf.Update(Memory.Sockets, &index, &value, 0));
    }

    /// <summary>Takes what the program has left to the loop.</summary>
    public void ReadCalls(Action<PairCallValue> into) => _calls.Read(into, int.MaxValue);

    /// <inheritdoc/>
    public void Dispose()
    {
        _calls.Dispose();
        _numbers.Dispose();
        Memory.Dispose();
    }
}
