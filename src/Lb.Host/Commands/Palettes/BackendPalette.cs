using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Host.Configuration;

namespace Lb.Host.Commands;

/// <summary><c>backend</c>: servers of a service.</summary>
internal static class BackendPalette
{
    private static readonly ImmutableArray<Column> s_columns =
    [
        new("service", "Service"), new("backend", "Backend"), new("address", "Address"), new("state", "State"),
        new("weight", "Weight", Right: true), new("share", "Share", Right: true),
        new("flows", "Tracked flows", Right: true), new("packets", "Packets", Right: true),
        new("bytes", "Bytes", Right: true),
    ];

    private static ArgumentSpec Deadline { get; } = new(
        "deadline", "How long flows that it has may go on (drain.deadline): never, or a time as in 5m. Those left then are ended.");

    private static ArgumentSpec With { get; } = Arguments.Backend with
    {
        Name = "with",
        Description = "Another backend of which the same is wanted, in the same revision.",
        Mandatory = false,
        Positional = false,
        Repeatable = true,
    };

    public static Palette Palette { get; } = new(
        "backend",
        "Servers of a service: look, add, weigh, drain, remove.",
        [
            new Command(
                "list",
                "Backends of one service or of all.",
                Changes: false,
                [Arguments.Service with { Mandatory = false }],
                ListAsync),
            new Command(
                "add",
                "Adds a backend to a service.",
                Changes: true,
                [
                    Arguments.Service,
                    Arguments.Backend with { Description = "Name of the new backend.", Hints = null },
                    Arguments.Settings("address=ADDRESS, and port=, weight= or admin= where they differ."),
                    Arguments.Plan,
                    Arguments.Force,
                    Arguments.Why,
                    Arguments.Expect,
                ],
                AddAsync),
            new Command(
                "remove",
                "Takes a backend out; flows that it has are finished.",
                Changes: true,
                [Arguments.Service, Arguments.Backend, Arguments.Plan, Arguments.Force, Arguments.Why, Arguments.Expect],
                (call, stop) => ChangeAsync(
                    call, (service, backend) => new SiteChange.BackendRemoved(service, backend), "removed", stop)),
            new Command(
                "weight",
                "Gives a backend another weight.",
                Changes: true,
                [
                    Arguments.Service,
                    Arguments.Backend,
                    new ArgumentSpec(
                        "weight", "0 to 65535; 0 takes no new flows.", ArgumentKind.Number, Mandatory: true, Positional: true),
                    Arguments.Plan,
                    Arguments.Force,
                    Arguments.Why,
                    Arguments.Expect,
                ],
                WeightAsync),
            Admin("drain", "Takes no new flows, finishes those it has.", BackendAdmin.Drain, "drains", "drain", [Deadline]),
            Admin("undrain", "Takes new flows again.", BackendAdmin.Enabled, "enabled", "enabled"),
            Admin("enable", "Is used again.", BackendAdmin.Enabled, "enabled", "enabled"),
            Admin("disable", "Is not used any more, and loses the flows it has.", BackendAdmin.Disabled, "disabled", "disabled"),
        ]);

    private static Command Admin(
        string name, string description, BackendAdmin admin, string one, string many, params ImmutableArray<ArgumentSpec> more) => new(
        name,
        description,
        Changes: true,
        [
            Arguments.Service,
            Arguments.Backend,
            With,
            .. more, Arguments.Plan, Arguments.Force, Arguments.Why, Arguments.Expect,
        ],
        (call, stop) => AdminAsync(call, admin, one, many, stop));

    private static Task<CommandResult> AdminAsync(
        CommandCall call, BackendAdmin admin, string one, string many, CancellationToken stop)
    {
        string service = call.Text(Arguments.Service.Name);
        TimeSpan? deadline = DeadlineOf(call);
        ImmutableArray<string> backends = [.. call.All(Arguments.Backend.Name).Concat(call.All(With.Name)).Distinct(StringComparer.Ordinal)];
        return SiteChanges.MakeAsync(
            call,
            _ => [.. backends.Select(backend => new SiteChange.BackendAdminSet(service, backend, admin) { Deadline = deadline })],
            backends is [var only] ? $"Backend {only} of {service} {one}" : $"Backends {string.Join(", ", backends)} of {service} {many}",
            stop);
    }

    private static TimeSpan? DeadlineOf(CommandCall call)
    {
        if (call.Find(Deadline.Name) is not { } text)
        {
            return null;
        }

        ScalarKind<TimeSpan> kind = PoolKeys.Drains.Time;
        Reading<TimeSpan> read = kind.Parse(text);
        return read.Problem is { } problem ? throw CommandFailure.Usage($"--deadline: {problem}", $"{kind.Expected}; {kind.Mend}") : read.Value;
    }

    private static async Task<CommandResult> ListAsync(CommandCall call, CancellationToken stop)
    {
        ServicesSnapshot snapshot = await call.Context.Site.GetServicesAsync(stop);
        string? wanted = call.Find(Arguments.Service.Name);
        if (wanted is not null && snapshot.Services.All(service => service.Name != wanted))
        {
            throw ServicePalette.NoService(wanted);
        }

        return CommandResult.Table(
            "backend",
            s_columns,
            snapshot.Services
                .Where(service => wanted is null || service.Name == wanted)
                .SelectMany(service => service.Backends.Select(backend => Row(service, backend))));
    }

    private static ImmutableArray<string> Row(ServiceSnapshot service, BackendSnapshot backend) =>
    [
        service.Name,
        backend.Name,
        new Kernel.Endpoint(backend.Address, backend.Port, service.Vip.Protocol).ToString(),
        OutlierResource.StateOf(backend),
        backend.Weight.ToString(CultureInfo.InvariantCulture),
        backend.Share.ToString("P1", CultureInfo.InvariantCulture),
        backend.TrackedFlows.ToString(CultureInfo.InvariantCulture),
        backend.Traffic.Forwarded.Packets.ToString(CultureInfo.InvariantCulture),
        backend.Traffic.Forwarded.Bytes.ToString(CultureInfo.InvariantCulture),
    ];

    private static Task<CommandResult> AddAsync(CommandCall call, CancellationToken stop)
    {
        (string service, string backend) = (call.Text(Arguments.Service.Name), call.Text(Arguments.Backend.Name));
        return SiteChanges.MakeAsync(
            call,
            state =>
            {
                ServicePalette.Require(state, service);
                return state.Site.Services[service].Backends.ContainsKey(backend)
                    ? throw CommandFailure.Refused(
                        $"service {service} has a backend {backend} already", mend: "choose another name, or remove it first")
                    : SiteEditor.Set(
                        call.Context.Config,
                        state,
                        call.All("setting").Select(Arguments.Setting).Select(setting =>
                            ((ImmutableArray<string>)[service, "backends", backend, .. setting.Path], setting.Value)));
            },
            $"Backend {backend} added to {service}",
            stop);
    }

    private static Task<CommandResult> WeightAsync(CommandCall call, CancellationToken stop)
    {
        long weight = call.Number("weight")!.Value;
        return weight is < 0 or > 65535
            ? throw CommandFailure.Usage($"a weight of {weight} is not possible", "0 to 65535")
            : ChangeAsync(
                call,
                (service, backend) => new SiteChange.BackendWeighted(service, backend, (int)weight),
                $"has weight {weight}",
                stop);
    }

    private static Task<CommandResult> ChangeAsync(
        CommandCall call, Func<string, string, SiteChange> change, string done, CancellationToken stop)
    {
        (string service, string backend) = (call.Text(Arguments.Service.Name), call.Text(Arguments.Backend.Name));
        return SiteChanges.MakeAsync(call, _ => [change(service, backend)], $"Backend {backend} of {service} {done}", stop);
    }
}
