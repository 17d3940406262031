using System.Collections.Immutable;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>Arguments that several commands take, and how settings are written.</summary>
internal static class Arguments
{
    public static readonly ArgumentSpec Service = new(
        "service", "Name of the service.", Mandatory: true, Positional: true, Hints: ServicesAsync);

    public static readonly ArgumentSpec Backend = new(
        "backend", "Name of the backend.", Mandatory: true, Positional: true, Hints: BackendsAsync);

    public static readonly ArgumentSpec Why = new(
        CommandCall.Why, "The reason; it stands in the history.", Short: "y");

    public static readonly ArgumentSpec Expect = new(
        "expect-revision", "Refuse unless the site is at this revision.", ArgumentKind.Number);

    public static readonly ArgumentSpec Plan = new(
        "plan", "Says what it would do to tables and flows, and does nothing.", ArgumentKind.Flag, Short: "p");

    public static readonly ArgumentSpec Force = new(
        "force", "Goes beyond the limits on live flows (lb.plan); the history says so.", ArgumentKind.Flag, Short: "f");

    public static ArgumentSpec Settings(string description) => new(
        "setting", description, Mandatory: true, Positional: true, Repeatable: true);

    /// <summary>Parts of <c>key=value</c>; the key may be a path as in <c>health.interval</c>.</summary>
    /// <exception cref="CommandFailure">It is no such thing.</exception>
    public static (ImmutableArray<string> Path, string Value) Setting(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        ImmutableArray<string> path = equals <= 0 ? [] : [.. text[..equals].Trim().Split('.')];
        return path.IsEmpty || path.Any(string.IsNullOrWhiteSpace)
            ? throw CommandFailure.Usage($"\"{text}\" is no setting", "write key=value, as in weight=50")
            : (path, text[(equals + 1)..].Trim());
    }

    /// <summary>The services of the config in force, for hints: they wait for no journal, and read no counters.</summary>
    public static async Task<IEnumerable<ServiceConfig>> ConfiguredAsync(CommandContext context, CancellationToken stop) =>
        (await context.AskAsync<SiteInForce>(new GetSite(), stop)).Site?.Services.Values ?? [];

    private static async Task<ImmutableArray<string>> ServicesAsync(CommandContext context, CancellationToken stop) =>
        [.. (await ConfiguredAsync(context, stop)).Select(service => service.Name)];

    private static async Task<ImmutableArray<string>> BackendsAsync(CommandContext context, CancellationToken stop) =>
    [
        .. (await ConfiguredAsync(context, stop))
            .SelectMany(service => service.Backends.Keys)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
