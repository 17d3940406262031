using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Programs;

/// <summary>Keeps packets spread over the CPUs that are asked for, as far as they are online.</summary>
/// <param name="load">Loads the programs.</param>
/// <param name="readCpus">The CPUs of the host.</param>
/// <param name="logger">Where it says what it does.</param>
internal sealed class CpuSpreading(Func<SpreadPrograms> load, Func<HostCpus> readCpus, ILogger logger) : IDisposable
{
    /// <summary>The first with a cpumap for generic XDP.</summary>
    private static readonly Version s_generic = new(5, 15);

    private SpreadPrograms? _programs;

    /// <summary>What is asked for.</summary>
    public SpreadWish Wish { get; private set; } = SpreadWish.None;

    /// <summary>What interfaces are to carry; null for the program that spreads nothing.</summary>
    public XdpProgram? Entry => Wish.IsNone ? null : _programs?.Entry;

    /// <summary>What is so; null while nothing is spread.</summary>
    public SpreadUse? Use => Wish.IsNone || _programs is null ? null : new SpreadUse(Wish, _programs.Read())
    {
        Sources = readCpus().Online.Count,
    };

    /// <summary>Has the programs share packets out as is asked for. Interfaces are to carry <see cref="Entry"/> after it.</summary>
    /// <exception cref="KernelException">The kernel refuses; it goes on as before.</exception>
    public void Write(SpreadWish wish, AttachMode mode)
    {
        if (!wish.IsNone)
        {
            Check(mode);
            _programs ??= load();
            Share(_programs, wish);
        }

        if (Wish != wish && wish.IsNone)
        {
            Log.NotSpread(logger);
        }
        else if (Wish != wish)
        {
            Log.Spread(logger, wish, wish.Queue);
        }

        Wish = wish;
    }

    /// <summary>Takes back what nobody carries any more; packets that wait are handled first.</summary>
    public void Tidy()
    {
        if (Wish.IsNone)
        {
            Dispose();
        }
    }

    /// <summary>What is not as it is to be: also when a CPU has gone offline, or come online.</summary>
    public IEnumerable<SetupFault> Faults()
    {
        if (!Wish.IsNone && _programs?.Holds(Wish.Among(readCpus().Online), Wish.Queue) != true)
        {
            yield return new SetupFault(
                SetupPart.Spread, EmbeddedObject.Spread, "packets are not shared out to the CPUs that are to have them and are online");
        }
    }

    /// <summary>Sets it right again.</summary>
    public void Mend() => Share(_programs ??= load(), Wish);

    public void Dispose()
    {
        _programs?.Dispose();
        _programs = null;
    }

    private static void Check(AttachMode mode)
    {
        if (mode == AttachMode.Generic && Environment.OSVersion.Version < s_generic)
        {
            throw new KernelException(
                $"This kernel hands packets of generic XDP to no other CPU: that needs Linux {s_generic}.",
                "Set lb.attach = auto, or lb.spread.cpus = none.");
        }
    }

    private void Share(SpreadPrograms programs, SpreadWish wish)
    {
        HostCpus host = readCpus();
        programs.Write(wish.Among(host.Online), wish.Queue);
        if (wish.Cpus.Except(host.Online) is { IsEmpty: false } offline)
        {
            Log.CpusOffline(logger, CpuList.Format(offline));
        }
    }
}
