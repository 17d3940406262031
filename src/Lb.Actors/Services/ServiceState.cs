using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A service: its config and its pool. Rules of change are pure.</summary>
/// <param name="Config">What is configured.</param>
/// <param name="Members">Pool by identity, leftovers included.</param>
public sealed record ServiceState(ServiceConfig Config, ImmutableDictionary<Endpoint, PoolMember> Members)
{
    /// <summary>Slots of its table by the journal; 0 while they are not known.</summary>
    public int TableSize { get; init; }

    /// <summary>Who of the pool takes new flows, and who keeps those that it has.</summary>
    public PoolChoice Choice => PoolChoice.Of(this);

    /// <summary>A service without a pool; <see cref="ServiceCommand.Configure"/> gives it one.</summary>
    public static ServiceState Start(ServiceConfig config) =>
        new(config, ImmutableDictionary<Endpoint, PoolMember>.Empty);

    /// <summary>What happens when a command is carried out; nothing when it changes nothing.</summary>
    public ImmutableArray<ServiceEvent> Decide(ServiceCommand command) => command switch
    {
        ServiceCommand.Adopt adopt => Adopt(adopt.Backends),
        ServiceCommand.Configure configure => Configure(configure.Config),
        ServiceCommand.Judge judge => Judge(judge.Socket, judge.Verdict, judge.Step),
        ServiceCommand.EndDrains end => EndDrains(end.Over),
        ServiceCommand.Forget forget => Forget(forget.Socket),
        _ => throw new ArgumentException($"{command} is no command of a service.", nameof(command)),
    };

    /// <summary>The state after an event.</summary>
    public ServiceState Apply(ServiceEvent happened) => happened switch
    {
        ServiceEvent.Configured configured => this with { Config = configured.Config },
        ServiceEvent.MemberAdded added => this with { Members = Members.Add(added.Member.Socket, added.Member) },
        ServiceEvent.MemberChanged changed => this with
        {
            Members = Members.SetItem(changed.After.Socket, changed.After),
        },
        ServiceEvent.MemberForgotten gone => this with { Members = Members.Remove(gone.Member.Socket) },
        _ => throw new ArgumentException($"{happened} is no event of a service.", nameof(happened)),
    };

    /// <summary>The state after several events.</summary>
    public ServiceState Apply(ImmutableArray<ServiceEvent> events) =>
        events.Aggregate(this, (state, happened) => state.Apply(happened));

    /// <summary>Identity of a configured backend.</summary>
    public static Endpoint SocketOf(ServiceConfig config, BackendConfig backend) =>
        new(backend.Address, backend.Port, config.Vip.Protocol);

    private ImmutableArray<ServiceEvent> Adopt(ImmutableArray<DesiredBackend> backends) => !Members.IsEmpty
        ? []
        : [.. backends.Select(backend => new ServiceEvent.MemberAdded(new PoolMember(
            backend.Id,
            backend.Socket,
            backend.Socket.ToString(),
            Weight: 0,
            BackendAdmin.Enabled,
            Leftover: true,
            backend.Alive ? HealthVerdict.Up : HealthVerdict.Down)
        {
            ServerId = backend.ServerId,
        }))];

    private ImmutableArray<ServiceEvent> Configure(ServiceConfig config)
    {
        ImmutableArray<ServiceEvent>.Builder events = ImmutableArray.CreateBuilder<ServiceEvent>();
        if (!ReferenceEquals(config, Config))
        {
            events.Add(new ServiceEvent.Configured(config));
        }

        Dictionary<Endpoint, BackendConfig> wanted =
            config.Backends.Values.ToDictionary(backend => SocketOf(config, backend));
        foreach (PoolMember member in Members.Values.OrderBy(member => member.Id))
        {
            PoolMember after = wanted.TryGetValue(member.Socket, out BackendConfig? backend)
                ? Configured(member, backend, config)
                : member with { Leftover = true };
            if (after != member)
            {
                events.Add(new ServiceEvent.MemberChanged(member, after));
            }
        }

        HashSet<uint> used = [.. Members.Values.Select(member => member.Id)];
        uint id = 1;
        foreach (BackendConfig backend in config.Backends.Values)
        {
            Endpoint socket = SocketOf(config, backend);
            if (!Members.ContainsKey(socket))
            {
                while (!used.Add(id))
                {
                    id++;
                }

                PoolMember fresh = new(id, socket, backend.Name, 0, backend.Admin, false, HealthVerdict.Unknown);
                events.Add(new ServiceEvent.MemberAdded(Configured(fresh, backend, config)));
            }
        }

        return events.ToImmutable();
    }

    private static PoolMember Configured(PoolMember member, BackendConfig backend, ServiceConfig config) => Settled(config, member with
    {
        Name = backend.Name,
        Weight = backend.Weight,
        Admin = backend.Admin,
        Backup = backend.Backup,
        ServerId = backend.ServerId,
        DrainDeadline = backend.DrainDeadline,
        DrainOver = member.DrainOver && backend.Admin == BackendAdmin.Drain,
        Leftover = false,
        // A backend that is switched on again, and one that is no longer checked, starts anew.
        Verdict = config.Health.Check is HealthCheck.None ? HealthVerdict.Up
            : backend.Admin == BackendAdmin.Disabled ? HealthVerdict.Unknown
            : member.Verdict,
    });

    /// <summary>Only one that is checked and up, in a service that starts slowly, is in a step.</summary>
    private static PoolMember Settled(ServiceConfig config, PoolMember member) =>
        member.Step > 0
        && (member.Verdict != HealthVerdict.Up || config.Pool.SlowStart == TimeSpan.Zero || config.Health.Check is HealthCheck.None)
            ? member with { Step = 0 }
            : member;

    private ImmutableArray<ServiceEvent> Judge(Endpoint socket, HealthVerdict verdict, byte step) =>
        Config.Health.Check is not HealthCheck.None
        && Members.TryGetValue(socket, out PoolMember? member)
        && member.IsProbed
        && Settled(Config, member with { Verdict = verdict, Step = step }) is { } after
        && after != member
            ? [new ServiceEvent.MemberChanged(member, after)]
            : [];

    private ImmutableArray<ServiceEvent> EndDrains(ImmutableHashSet<Endpoint> over) =>
    [
        .. Members.Values
            .Where(member => member.DrainOver != (member.Drains && over.Contains(member.Socket)))
            .OrderBy(member => member.Id)
            .Select(member => new ServiceEvent.MemberChanged(member, member with { DrainOver = !member.DrainOver })),
    ];

    private ImmutableArray<ServiceEvent> Forget(Endpoint socket) =>
        Members.TryGetValue(socket, out PoolMember? member) && member.Leftover
            ? [new ServiceEvent.MemberForgotten(member)]
            : [];
}
