using System.Collections.Immutable;
using Lb.Kernel.Handles;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Interception;

/// <summary>
/// The program <c>lb_lookup</c> in the node's network namespace, loaded when it is first needed. Its link is pinned, so
/// that the next process can have it, and others can tell whose it is.
/// </summary>
/// <param name="pins">Of the site.</param>
/// <param name="services">Most services of the site.</param>
/// <param name="listeners">The sockets that it is to name.</param>
/// <param name="logger">Where libbpf's messages go.</param>
internal sealed class LookupInterception(SitePins pins, int services, RelayListeners listeners, ILogger logger)
    : IDisposable
{
    private LookupProgram? _program;
    private LookupLink? _link;
    private ImmutableHashSet<Endpoint> _steered = [];

    /// <summary>Why it cannot be had; null while nothing speaks against it.</summary>
    public string? Problem { get; private set; }

    /// <summary>Loads the program if it is not: afterwards <see cref="Problem"/> says whether it can be.</summary>
    public void TryLoad()
    {
        try
        {
            Load();
        }
        catch (KernelException reason)
        {
            Problem = reason.Message;
        }
    }

    /// <summary>VIPs for which the program is attached, and names the socket that listens.</summary>
    public IReadOnlySet<Endpoint> Read()
    {
        if (_program is not { } program || _link is not { } link || !IsAttached(program, link) || !IsPinned(link))
        {
            return ImmutableHashSet<Endpoint>.Empty;
        }

        // One whose relay does not listen at the moment is named when it does.
        return listeners.Look(sockets => _steered
            .Where(vip => !sockets.TryGetValue(vip, out int socket) || program.Has(vip, socket))
            .ToHashSet());
    }

    /// <summary>Has the program name the sockets of these VIPs and of no others.</summary>
    public void Put(IReadOnlySet<Endpoint> vips)
    {
        try
        {
            LookupProgram program = Load();
            listeners.Follow(
                sockets =>
                {
                    _steered = [.. vips];
                    program.RemoveExcept(vips);
                    foreach ((Endpoint vip, int socket) in sockets.Where(socket => vips.Contains(socket.Key)))
                    {
                        program.Set(vip, socket);
                    }
                },
                OnAdded);
            Attach(program);
            Problem = null;
        }
        catch (KernelException reason)
        {
            Problem = reason.Message;
            throw;
        }
    }

    /// <summary>Detaches the program, whoever has attached it.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove()
    {
        listeners.Follow(_ => _steered = [], null);
        bool found = RemovePinned(pins);
        // A link whose pin somebody has removed is attached as long as it is open.
        _link?.Detach();
        found |= _link is not null;
        Close();
        return found;
    }

    /// <summary>Detaches what a site has pinned.</summary>
    /// <returns>False when there was nothing.</returns>
    public static bool RemovePinned(SitePins pins)
    {
        using Descriptor? pinned = pins.OpenLookup();
        if (pinned is null)
        {
            return false;
        }

        using LookupLink link = new(pinned);
        link.Detach();
        pins.RemoveLookup();
        return true;
    }

    public void Dispose()
    {
        listeners.Follow(_ => { }, null);
        Close();
    }

    /// <summary>With the sockets of the process before this one, where that has attached one: no packet finds none.</summary>
    private LookupProgram Load()
    {
        if (_program is null)
        {
            using Descriptor? pinned = pins.OpenLookup();
            using Descriptor? before = pinned is null ? null : ProgramOf(new LookupLink(pinned));
            _program = LookupProgram.Load(before, services, logger);
        }

        return _program;
    }

    private void Attach(LookupProgram program)
    {
        if (_link is null && pins.OpenLookup() is { } pinned)
        {
            _link = new LookupLink(pinned);
        }

        if (_link is { } link && link.Describe() is { Namespace: not 0 } info)
        {
            if (info.ProgramId != program.Id)
            {
                link.Replace(program);
            }
        }
        else
        {
            _link?.Dispose();
            _link = LookupLink.Create(program);
        }

        if (!IsPinned(_link))
        {
            pins.RepinLookup(_link.Descriptor);
        }
    }

    /// <summary>A relay that listens after its service was written.</summary>
    private void OnAdded(Endpoint vip, int socket)
    {
        if (_program is { } program && _steered.Contains(vip))
        {
            try
            {
                program.Set(vip, socket);
            }
            catch (KernelException reason)
            {
                // The self-check finds it missing, and tells.
                Problem = reason.Message;
            }
        }
    }

    private static bool IsAttached(LookupProgram program, LookupLink link) =>
        link.Describe() is { Namespace: not 0 } info && info.ProgramId == program.Id;

    private bool IsPinned(LookupLink link)
    {
        uint id = link.Describe().Id;
        return SetupCheck.CheckPin(pins.OpenLookup, pinned => new LookupLink(pinned).Describe().Id == id) is null;
    }

    private static Descriptor? ProgramOf(LookupLink link)
    {
        int program = Interop.LibBpf.ProgramById(link.Describe().ProgramId);
        return program < 0 ? null : new Descriptor(program);
    }

    private void Close()
    {
        _link?.Dispose();
        _link = null;
        _program?.Dispose();
        _program = null;
    }
}
