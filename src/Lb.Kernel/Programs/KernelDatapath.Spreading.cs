using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>Packets that are spread over CPUs.</summary>
public sealed partial class KernelDatapath
{
    private readonly CpuSpreading _spreading;

    /// <summary>What the interfaces carry.</summary>
    private XdpProgram Carried => _spreading.Entry ?? Program;

    /// <inheritdoc/>
    public override SpreadUse? ReadSpread() => _spreading.Use;

    /// <inheritdoc/>
    public override void WriteSpread(SpreadWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        XdpProgram before = Carried;
        _spreading.Write(wish, _options.Attach);
        if (Carried != before)
        {
            _attached.ForEach(attached => attached.Link?.Replace(Carried.Descriptor));
        }

        _spreading.Tidy();
    }

    private CpuSpreading Spreading(ILogger logger) =>
        new(() => SpreadPrograms.Load(Maps, logger), HostCpus.Read, logger);
}
