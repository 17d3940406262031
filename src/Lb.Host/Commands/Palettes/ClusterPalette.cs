using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Host.Api;
using Lb.Host.Running;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary><c>cluster</c>: the nodes that there are, as this one knows them.</summary>
internal static class ClusterPalette
{
    private const string Role = "alone";

    public static Palette Palette { get; } = new(
        "cluster",
        "The nodes of the site: who is there and how they are.",
        [
            new Command(
                "show", "Each node with its state; of a node that is alone, config and tables too.", Changes: false, [], ShowAsync),
            new Command(
                "status", "One line for scripts; the exit code is 0 when all is well and 1 when not.", Changes: false, [], StatusAsync),
            .. VoteReport.Commands,
            SharingReport.Command,
            LimitReport.Command,
            .. VipCommands.All,
            .. MemberCommands.All,
        ]);

    private static async Task<CommandResult> ShowAsync(CommandCall call, CancellationToken stop)
    {
        ServicesSnapshot site = await call.Context.Site.GetServicesAsync(stop);
        if (call.Context.Cluster is { Node: not null })
        {
            return await MemberReport.ShowAsync(
                site.Site, call.Context.Cluster, await ConfigReport.ReadAsync(call, stop), call.Context.Clock.GetUtcNow());
        }

        ActorSystem system = call.Context.System;
        string address = ((ExtendedActorSystem)system).Provider.DefaultAddress.ToString();
        string since = (call.Context.Clock.GetUtcNow() - system.Uptime).UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string state = State(call.Context.State);
        string digest = Digest(site.Services);
        string kernel = Word.Of(site.Kernel.Health);
        return CommandResult.Table(
            "node",
            [
                new("address", "Address"), new("roles", "Roles"), new("state", "State"), new("reach", "Reachable"),
                new("host", "Host"), new("api", "API"), new("version", "Version"), new("since", "Since"),
                new("revision", "Revision", Right: true), new("tables", "Tables"), new("kernel", "Kernel"),
            ],
            [[
                address, $"[{Role}]", state, "reachable", Environment.MachineName, $"{call.Context.Config.Node.Admin}",
                BuildVersion.Text, since, site.Config.Revision.ToString(CultureInfo.InvariantCulture), digest, kernel,
            ]]) with
        {
            Message = $"Site {site.Site}: this node alone.",
            Data = new JsonObject
            {
                ["site"] = site.Site,
                ["nodes"] = new JsonArray(new JsonObject
                {
                    ["address"] = address,
                    ["roles"] = new JsonArray(JsonValue.Create(Role)),
                    ["state"] = state,
                    ["reachable"] = true,
                    ["host"] = Environment.MachineName,
                    ["api"] = $"{call.Context.Config.Node.Admin}",
                    ["version"] = BuildVersion.Text,
                    ["since"] = since,
                    ["revision"] = site.Config.Revision,
                    ["tables"] = digest,
                    ["kernel"] = kernel,
                    ["problem"] = Problem(call.Context.State, site),
                    ["services"] = new JsonArray([.. site.Services.Select(Service)]),
                }),
            },
        };
    }

    private static async Task<CommandResult> StatusAsync(CommandCall call, CancellationToken stop)
    {
        ServicesSnapshot site = await call.Context.Site.GetServicesAsync(stop);
        MembershipView? view = call.Context.Cluster.Node?.View;
        if ((Problem(call.Context.State, site) ?? MemberReport.Problem(call.Context.Cluster)) is { } problem)
        {
            throw new CommandFailure(
                StatusCodes.Status503ServiceUnavailable,
                "not-well",
                $"site {site.Site}: {problem}",
                "kernel show, service list and log tail tell more");
        }

        string behind = ConfigReport.Behind(await ConfigReport.ReadAsync(call, stop));
        int nodes = view?.State.Members.Count ?? 1;
        return CommandResult.Say(
            $"Site {site.Site} is well: {nodes} {(nodes == 1 ? "node" : "nodes")}, revision {site.Config.Revision}, "
            + $"{site.Services.Length} {(site.Services.Length == 1 ? "service" : "services")} in the kernel, tables {Digest(site.Services)}"
            + (behind.Length == 0 ? string.Empty : $"; {behind}")
            + MemberReport.Warning(call.Context.Cluster, call.Context.Clock.GetUtcNow()),
            new JsonObject
            {
                ["site"] = site.Site,
                ["nodes"] = nodes,
                ["revision"] = site.Config.Revision,
                ["services"] = site.Services.Length,
                ["tables"] = Digest(site.Services),
            });
    }

    private static JsonNode Service(ServiceSnapshot service) => new JsonObject
    {
        ["service"] = service.Name,
        ["generation"] = service.Revision,
        ["digest"] = service.Digest,
        ["inKernel"] = service.InKernel,
    };

    private static string State(NodeState state) => state switch
    {
        { Draining: true } => "leaving",
        { Started: true } => "up",
        _ => "joining",
    };

    /// <summary>The first thing that is not as it should be; null when all is.</summary>
    private static string? Problem(NodeState state, ServicesSnapshot site)
    {
        // A table that is being written is no problem: every change has such a moment.
        string[] away =
        [
            .. site.Services
                .Where(service => service.Written == 0 || service.Problem is not null)
                .Select(service => service.Problem is { } why ? $"{service.Name} ({why})" : service.Name),
        ];
        return state.Draining ? "its node is ending"
            : !state.Started ? "its node is starting"
            : site.Kernel.Health != KernelHealth.Good ? $"the kernel is {Word.Of(site.Kernel.Health)}: {site.Kernel.Problem}"
            : away.Length > 0 ? $"the kernel does not hold the table of {string.Join(", ", away)}"
            : site.Config.Problem is { } journal ? $"its journal cannot be used: {journal}"
            : null;
    }

    /// <summary>Fingerprint of the tables of all services: equal on nodes that would forward every flow alike.</summary>
    private static string Digest(ImmutableArray<ServiceSnapshot> services)
    {
        string all = string.Join('\n', services.Select(service => $"{service.Name} {service.Digest}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }
}
