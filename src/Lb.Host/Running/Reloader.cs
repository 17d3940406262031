using System.Threading.Channels;
using Akka.Actor;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>Reads the site file again when told to, one time after the other.</summary>
internal sealed class Reloader(
    LoadedConfig started,
    string file,
    SiteClient site,
    NodeState state,
    LogThreshold threshold,
    ServerCertificate? certificate,
    ILogger log)
{
    private volatile NodeOptions _options = started.Node;

    /// <summary>The node's options as they hold now.</summary>
    public NodeOptions Options => _options;

    /// <summary>Serves requests until it is stopped.</summary>
    public async Task RunAsync(ChannelReader<bool> requests, CancellationToken stop)
    {
        try
        {
            await foreach (bool _ in requests.ReadAllAsync(stop))
            {
                await ReloadSafelyAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Whatever a reload meets, as actors that are ending already, it does not end the process.</summary>
    private async Task ReloadSafelyAsync()
    {
        try
        {
            await ReloadAsync();
        }
        catch (Exception e)
        {
            log.ReloadFailed(e.Message);
        }
    }

    private async Task ReloadAsync()
    {
        log.Reloading(file);
        certificate?.Reload(log);
        // Whatever becomes of the site file: who has moved the log away waits for this.
        state.FlowLog.Reopen();
        ReloadPlan plan = ReloadPlan.Of(started, ConfigLoader.LoadFile(file), file);
        foreach (ConfigIssue issue in plan.Issues)
        {
            Tell(issue);
        }

        if (plan.Config is not { } config)
        {
            log.ReloadRefused(plan.Issues.Count(i => i.Severity == Severity.Error), file);
            return;
        }

        try
        {
            ConfigAnswer answer = await site.ApplyAsync(config.ToApply(file, "reload"));
            if (answer is not ConfigApplied applied)
            {
                log.ReloadFailed(answer switch
                {
                    ConfigRefused refused => string.Join("; ", refused.Reasons),
                    ConfigLimited limited =>
                        $"{string.Join("; ", limited.Excesses)}: go in smaller steps, or force it with config apply --force",
                    ConfigUnavailable unavailable => unavailable.Reason,
                    ConfigUnconfirmed unconfirmed => unconfirmed.Reason,
                    _ => $"the site answered with a {answer.GetType().Name}",
                });
                return;
            }

            config = config with { Node = config.Node with { Spread = await SpreadAsync(config.Node.Spread) } };
            _options = config.Node;
            state.Config = config;
            threshold.Reset(config.Node.Log.Level);
            foreach (string key in plan.Restart)
            {
                log.NeedsRestart(key);
            }

            log.Reloaded(
                applied.Revision, applied.Added.Length, applied.Changed.Length, applied.Removed.Length);
        }
        catch (AskTimeoutException)
        {
            log.ReloadFailed("the site's actor does not answer");
        }
    }

    /// <summary>Has packets spread over other CPUs, where that is new.</summary>
    /// <returns>What holds after it.</returns>
    private async Task<SpreadWish> SpreadAsync(SpreadWish wanted)
    {
        if (wanted == _options.Spread
            || await site.AskAsync(new SpreadPackets(wanted), CancellationToken.None) is not KernelUnavailable refused)
        {
            return wanted;
        }

        log.ReloadFailed($"lb.spread: {refused.Reason}");
        return _options.Spread;
    }

    private void Tell(ConfigIssue issue)
    {
        if (issue.Severity == Severity.Error)
        {
            log.ReloadError(issue.ToString());
        }
        else
        {
            log.ReloadWarning(issue.ToString());
        }
    }
}
