using System.Net;
using Lb.Kernel.Interception;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>The data plane of a site: loaded, pinned and attached.</summary>
/// <remarks>
/// It outlives the process: disposing closes what this process has open, and forwarding goes on from the pins.
/// The next <see cref="Open"/> adopts them. <see cref="Detach"/> and <see cref="Cleanup"/> leave the kernel clean.
/// </remarks>
public sealed partial class KernelDatapath : LoadedDatapath
{
    private readonly SiteLock _lock;
    private readonly SitePins _pins;
    private readonly ILogger _logger;
    private readonly string _site;
    private readonly DatapathOptions _options;
    private readonly Lazy<SetupCheck> _check;
    private readonly SiteInterception _interception;
    private readonly TcInterception _tc;
    private readonly TcForwarding _forwarding;
    private readonly LookupInterception _lookup;
    private List<AttachedInterface> _attached = [];

    private KernelDatapath(
        BpfObject opened, SitePins pins, SiteLock held, DatapathOptions options, RelayListeners listeners, ILogger logger)
        : base(opened, pins)
    {
        _pins = pins;
        _lock = held;
        _options = options;
        _site = options.Site;
        _logger = logger;
        _interception = new SiteInterception(options);
        _tc = new TcInterception(
            _interception.Filters, () => TcProgram.Load(Maps, _interception.Mark, logger), InterfaceIndexes);
        _interception.Tc = _tc;
        _forwarding = new TcForwarding(
            ForwardFilters(options, _interception.Mark), () => ForwardProgram.Load(Maps, logger), () => _attached);
        _lookup = new LookupInterception(pins, options.Sizes.Services, listeners, logger);
        _interception.Lookup = _lookup;
        _spreading = Spreading(logger);
        _check = new Lazy<SetupCheck>(() => new SetupCheck(pins, Program, () => Carried));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Attachment> Attachments => [.. _attached.Select(attached => attached.Attachment)];

    /// <inheritdoc/>
    public override string? WhyNotXdp => HookRule.WhyNotXdp(Attachments, _options.Attach);

    /// <summary>
    /// Takes over what an earlier start of the site left in the kernel, or starts afresh: no packet is lost between
    /// the old program and the new one.
    /// </summary>
    /// <param name="options">What is asked of the kernel.</param>
    /// <param name="logger">Where it says what it does.</param>
    /// <param name="listeners">Where relays of this process listen; null for nowhere.</param>
    /// <exception cref="KernelException">
    /// Something is missing or in the way. What this start made is removed; what it adopted is as it was.
    /// </exception>
    public static KernelDatapath Open(
        DatapathOptions options, ILogger logger, RelayListeners? listeners = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        KernelRequirements.Check();
        (string Name, int Index)[] interfaces =
            [.. options.Interfaces.Select(name => (name, Interfaces.IndexOf(name)))];
        var held = SiteLock.Take(options.RunDirectory, options.Site);
        try
        {
            BpfFileSystem.Ensure(options.BpfFs, logger);
            return Start(options, interfaces, held, listeners ?? new RelayListeners(), logger);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Removes what a site has in the kernel: interception, links, program, maps.</summary>
    /// <returns>False when there was nothing.</returns>
    /// <exception cref="KernelException">A process runs the site.</exception>
    public static bool Cleanup(DatapathOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var held = SiteLock.Take(options.RunDirectory, options.Site);
        var pins = new SitePins(options.BpfFs, options.Site);
        bool mounted = BpfFileSystem.IsAt(options.BpfFs);
        if (mounted)
        {
            // What intercepts has a pin there too.
            pins.CheckAccess();
        }

        var interception = new SiteInterception(options);
        bool found = interception.Remove();
        found |= RemoveForwarding(options, interception.Mark);
        if (mounted && pins.Exist)
        {
            found = true;
            pins.RemoveAll();
        }

        if (found)
        {
            Log.CleanedUp(logger, options.Site);
        }

        return found;
    }

    /// <summary>Stops forwarding and removes links, program and maps of the site: the kernel is left clean.</summary>
    public void Detach()
    {
        _interception.Remove();
        _forwarding.Remove();
        _pins.RemoveAll();
        // A link whose pin somebody has removed is attached as long as it is open.
        _attached.ForEach(attached => attached.Link?.Detach());
        Release();
        Log.CleanedUp(_logger, _site);
    }

    /// <inheritdoc/>
    public override InterceptionChoice ChooseInterception(InterceptWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        bool isLocal = IsLocal(wish.Vip.Address);
        if (wish.Wanted == InterceptBy.Auto && isLocal && _lookup.Problem is null)
        {
            _lookup.TryLoad();
        }

        if (wish.Wanted is InterceptBy.Auto or InterceptBy.SkLookup && _tc.Problem is null)
        {
            _tc.TryLoad();
        }

        return InterceptionRule.Choose(
            wish, isLocal, new InterceptionMeans(InterfaceIndexes(), _tc.Problem, _lookup.Problem));
    }

    /// <inheritdoc/>
    public override IReadOnlySet<Intercept> ReadIntercepted() => _interception.Read();

    /// <inheritdoc/>
    public override void WriteIntercepted(IReadOnlySet<Intercept> services) => _interception.Write(services);

    /// <inheritdoc/>
    public override IReadOnlyList<SetupFault> CheckSetup()
    {
        IReadOnlyList<SetupFault> setup = _check.Value.Run(_attached, Maps);

        // The node's entry is pinned last: its pin says that all others are there.
        return
        [
            .. base.CheckSetup(),
            .. CheckForwarding(),
            .. _spreading.Faults(),
            .. setup.Where(fault => fault.Name != MapNames.Node),
            .. CheckTables(),
            .. setup.Where(fault => fault.Name == MapNames.Node),
        ];
    }

    /// <inheritdoc/>
    public override void MendSetup(SetupFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Part != SetupPart.NodeEntry)
        {
            BpfFileSystem.Ensure(_options.BpfFs, _logger);
            _pins.Create();
        }

        switch (fault.Part)
        {
            case SetupPart.NodeEntry or SetupPart.TablePin or SetupPart.StrayPin:
                base.MendSetup(fault);
                break;
            case SetupPart.Interface:
                AttachAgain(_attached.Single(attached => attached.Name == fault.Name));
                break;
            case SetupPart.Filter:
                _forwarding.Put();
                break;
            case SetupPart.Spread:
                _spreading.Mend();
                break;
            case SetupPart.LinkPin:
                AttachedInterface linked = _attached.Single(attached => attached.Name == fault.Name);
                _pins.RepinLink(linked.Index, linked.Link!.Descriptor);
                break;
            case SetupPart.ProgramPin:
                _pins.PinProgram(EmbeddedObject.Xdp, Program.Descriptor);
                break;
            default:
                _pins.RepinMap(fault.Name, Maps[fault.Name]);
                break;
        }
    }

    private protected override string? PinOf(string map) => _pins.MapPath(map);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Release();
            _tc.Dispose();
            _forwarding.Dispose();
            _spreading.Dispose();
            _lookup.Dispose();
            _lock.Dispose();
        }
    }

    private void AttachTo((string Name, int Index)[] interfaces, AttachMode mode, Undo undo)
    {
        var attachments = new XdpAttachments(_pins, Carried, mode, undo, _logger);
        foreach ((string name, int index) in interfaces)
        {
            _attached.Add(attachments.Ensure(name, index));
        }

        PinProgram(undo);
        attachments.DetachOthers([.. interfaces.Select(i => i.Index)]);
    }

    /// <summary>Puts the program on an interface again: in its link, or by a new one where that has ended.</summary>
    private void AttachAgain(AttachedInterface attached)
    {
        int index = Interfaces.IndexOf(attached.Name);
        if (attached.Link is { } link && index == attached.Index && link.Describe().InterfaceIndex == (uint)index)
        {
            link.Replace(Carried.Descriptor);
            return;
        }

        _pins.RemoveLink(attached.Index);
        using var undo = new Undo(_site, _logger);
        AttachedInterface again =
            new XdpAttachments(_pins, Carried, _options.Attach, undo, _logger).Ensure(attached.Name, index);
        undo.Forget();
        _attached[_attached.IndexOf(attached)] = again;
        attached.Dispose();
    }

    private static bool IsLocal(IPAddress address)
    {
        using NetlinkSocket netlink = new();
        return LocalAddressQueries.Has(netlink, address);
    }

    private int[] InterfaceIndexes() => [.. _attached.Select(attached => attached.Index)];

    private void Release()
    {
        _attached.ForEach(attached => attached.Dispose());
        _attached = [];
    }

    private void PinProgram(Undo undo)
    {
        if (_pins.OpenProgram(EmbeddedObject.Xdp) is { } before)
        {
            undo.Need(before);
            undo.Add(() => _pins.PinProgram(EmbeddedObject.Xdp, before));
        }

        _pins.PinProgram(EmbeddedObject.Xdp, Program.Descriptor);
    }
}
