using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Lb.Actors;
using Lb.Host.Api;

namespace Lb.Host.Commands;

/// <summary><c>service</c>: VIPs and their policy.</summary>
internal static class ServicePalette
{
    private static readonly ImmutableArray<Column> s_columns =
    [
        new("service", "Service"), new("vip", "VIP"), new("mode", "Mode"), new("tracking", "Tracking"),
        new("backends", "Backends up", Right: true), new("generation", "Generation", Right: true),
        new("slots", "Slots", Right: true), new("moved", "Moved", Right: true), new("kernel", "In kernel"),
        new("packets", "Packets", Right: true), new("bytes", "Bytes", Right: true),
    ];

    private static readonly ImmutableArray<Column> s_relayColumns =
    [
        new("open", "Open", Right: true), new("connections", "Connections", Right: true),
        new("toBackend", "Bytes to it", Right: true), new("toClients", "Bytes from it", Right: true),
        new("failures", "Connect failures", Right: true),
    ];

    public static Palette Palette { get; } = new(
        "service",
        "VIPs and their policy: look, add, set, remove.",
        [
            new Command("list", "All services.", Changes: false, [], ListAsync),
            new Command("show", "One service with its table and backends.", Changes: false, [Arguments.Service], ShowAsync),
            new Command(
                "add",
                "Adds a service.",
                Changes: true,
                [
                    Arguments.Service with { Description = "Name of the new service.", Hints = null },
                    Arguments.Settings("vip=ADDRESS port=PORT, and any other key of a service in reference.conf."),
                    Arguments.Plan,
                    Arguments.Force,
                    Arguments.Why,
                    Arguments.Expect,
                ],
                AddAsync),
            new Command(
                "set",
                "Changes the policy of a service.",
                Changes: true,
                [
                    Arguments.Service,
                    Arguments.Settings("Keys of a service in reference.conf, as in tracking=full health.interval=1s."),
                    Arguments.Plan,
                    Arguments.Force,
                    Arguments.Why,
                    Arguments.Expect,
                ],
                SetAsync),
            new Command(
                "remove",
                "Removes a service: packets for it pass to the host.",
                Changes: true,
                [Arguments.Service, Arguments.Plan, Arguments.Force, Arguments.Why, Arguments.Expect],
                RemoveAsync),
        ]);

    /// <summary>Refuses what is about a service that is not there.</summary>
    /// <exception cref="CommandFailure">There is no such service.</exception>
    public static void Require(ConfigState state, string service)
    {
        if (!state.Site.Services.ContainsKey(service))
        {
            throw NoService(service);
        }
    }

    public static CommandFailure NoService(string name) =>
        CommandFailure.NotThere($"there is no service {name}", "service list shows what there is");

    private static async Task<CommandResult> ListAsync(CommandCall call, CancellationToken stop)
    {
        ServicesSnapshot snapshot = await call.Context.Site.GetServicesAsync(stop);
        return CommandResult.Table("service", s_columns, snapshot.Services.Select(Row));
    }

    private static ImmutableArray<string> Row(ServiceSnapshot service)
    {
        ServiceResource resource = ServiceResource.From(service);
        return
        [
            service.Name,
            service.Vip.ToString(),
            resource.Mode,
            resource.Tracking,
            $"{service.Backends.Count(b => b.State == BackendState.Up)}/{service.Backends.Count(b => !b.Leftover)}",
            Number(service.Revision),
            Number(service.Slots),
            Number(service.MovedSlots),
            service.Relay?.Problem ?? (resource.InKernel ? "yes" : service.Problem ?? "not yet"),
            Number(service.Traffic.Forwarded.Packets),
            Number(service.Traffic.Forwarded.Bytes),
        ];
    }

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Arguments.Service.Name);
        ServicesSnapshot snapshot = await call.Context.Site.GetServicesAsync(stop);
        ServiceSnapshot service = snapshot.Services.FirstOrDefault(s => s.Name == name) ?? throw NoService(name);
        ServiceResource resource = ServiceResource.From(service);
        bool named = resource.Backends.Any(backend => backend.ServerId is not null);
        CommandResult backends = CommandResult.Table(
            "backend",
            [
                new("backend", "Backend"), new("address", "Address"), new("state", "State"),
                new("weight", "Weight", Right: true), new("slots", "Slots", Right: true),
                new("share", "Share", Right: true), new("left", "Older slots, flows left", Right: true),
                .. named ? (Column[])[new("serverId", "Server ID")] : [],
                .. service.Relay is null ? [] : s_relayColumns,
            ],
            resource.Backends.Zip(service.Backends, (b, backend) => (ImmutableArray<string>)
            [
                b.Name,
                new Kernel.Endpoint(IPAddress.Parse(b.Address), (ushort)b.Port, service.Vip.Protocol).SocketText,
                OutlierResource.StateOf(backend),
                Number(b.Weight),
                Number(b.Slots),
                b.Share.ToString("P1", CultureInfo.InvariantCulture),
                b.Drain is { } drain ? $"{drain.PreviousSlots}, {drain.TrackedFlows}" : "",
                .. named ? (string[])[b.ServerId ?? ""] : [],
                .. RelayCells(b.Relay, service.Relay is not null),
            ]));
        return backends with
        {
            Message = $"{service.Name} {service.Vip}, {resource.Mode}, tracking {resource.Tracking}, flow log {resource.FlowLog}"
                + (service.DeadFlows == DeadFlows.Reset ? ", dead flows reset" : "")
                + ": generation "
                + $"{service.Revision} with {service.Slots} slots, {service.MovedSlots} moved, digest {service.Digest}"
                + PoolWords.Of(service)
                + (resource.OlderMode is { } older ? $"; flows from before its last change go on by {older}" : "")
                + Words(resource.Relay),
            Data = JsonSerializer.SerializeToNode(resource, ApiJson.Default.ServiceResource),
        };
    }

    private static ImmutableArray<string> RelayCells(RelayCountsResource? relay, bool relayed) => (relay, relayed) switch
    {
        (_, false) => [],
        (null, _) => ["0", "0", "0", "0", "0"],
        ({ } counts, _) =>
        [
            Number(counts.Open), Number(counts.Connections), Number(counts.BytesToBackends),
            Number(counts.BytesToClients), Number(counts.ConnectFailures),
        ],
    };

    private static string Words(RelayResource? relay) => relay is null ? ""
        : relay.Problem is { } problem ? $"; its relay accepts nothing: {problem}"
        : relay.Datagrams is { } datagrams
        ? $"; its relay has {relay.Counts.Open} flows open, passed {datagrams.ToBackends} datagrams to backends and "
            + $"{datagrams.ToClients} to clients, dropped {datagrams.DroppedFull} above relay.connections and lost {datagrams.Lost}"
        : $"; its relay has {relay.Counts.Open} connections open and refused {relay.Refused}, {relay.Idle} were idle for "
            + $"too long{Rejections(relay)}{Ends(relay)}{Words(relay.Sockmap)}{Words(relay.Interception)}";

    private static string Rejections(RelayResource relay) => relay.Rejected.Count == 0 ? ""
        : $", rejected {string.Join(", ", relay.Rejected.Select(count => $"{count.Value} {count.Key}"))}";

    private static string Ends(RelayResource relay) =>
        (relay.Ends.IsEmpty ? "" : $"; ended: {string.Join(", ", relay.Ends.Select(end => $"{end.Key} {end.Value}"))}")
        + (relay.Held > 0 ? $"; a limit was reached {relay.Held} times" : "");

    private static string Words(SockmapResource? sockmap) => sockmap is null ? ""
        : sockmap.Fault is { } fault ? $"; relay.engine = sockmap cannot be, so the loop carries all: {fault}"
        : $"; the kernel carries {sockmap.Now} of them, was given {sockmap.Moved} and {sockmap.TakenBack} of those went back"
            + (sockmap.Fallbacks.IsEmpty
                ? ""
                : $"; stayed with the loop: {string.Join(", ", sockmap.Fallbacks.Select(count => $"{count.Key} {count.Value}"))}");

    private static string Words(InterceptionResource? interception) =>
        interception is null ? "" : $"; packets come to it by {interception.By}: {interception.Reason}";

    private static Task<CommandResult> AddAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Arguments.Service.Name);
        return SiteChanges.MakeAsync(
            call,
            state => state.Site.Services.ContainsKey(name)
                ? throw CommandFailure.Refused(
                    $"there is a service {name} already", mend: "choose another name, or change it with service set")
                : Set(call, state, name),
            $"Service {name} added",
            stop);
    }

    private static Task<CommandResult> SetAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Arguments.Service.Name);
        return SiteChanges.MakeAsync(
            call,
            state =>
            {
                Require(state, name);
                return Set(call, state, name);
            },
            $"Service {name} changed",
            stop);
    }

    private static Task<CommandResult> RemoveAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Arguments.Service.Name);
        return SiteChanges.MakeAsync(
            call, _ => [new SiteChange.ServiceRemoved(name)], $"Service {name} removed", stop);
    }

    private static ImmutableArray<SiteChange> Set(CommandCall call, ConfigState state, string name) => SiteEditor.Set(
        call.Context.Config,
        state,
        call.All("setting").Select(Arguments.Setting).Select(
            setting => ((ImmutableArray<string>)[name, .. setting.Path], setting.Value)));

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
