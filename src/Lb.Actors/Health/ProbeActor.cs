using System.Net;
using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Probes one backend and tells its parent when the verdict changes.</summary>
internal sealed class ProbeActor : ReceiveActor, IWithTimers
{
    private readonly SiteContext _context;
    private readonly ProbeTarget _target;
    private readonly ILogger _log;
    private readonly Random _random = new();
    private HealthConfig _config;
    private HealthState _health;
    private long _started;

    public ProbeActor(SiteContext context, ProbeTarget target, HealthConfig config)
    {
        _context = context;
        _target = target;
        _config = config;
        _health = target.Remembered
            ? HealthState.Remembered(target.Known, config)
            : new HealthState(target.Known, 0);
        _log = context.Loggers.CreateLogger<ProbeActor>();
        Receive<Probe>(_ => OnProbe());
        Receive<Probed>(OnProbed);
        Receive<ConfigureProbe>(OnConfigure);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Probe.Instance);

    protected override void PostRestart(Exception reason)
    {
        // What was known before the crash is gone; the next probe says it anew.
        _health = HealthState.Fresh;
        base.PostRestart(reason);
    }

    private void OnProbe()
    {
        _started = _context.Now;
        ushort port = _config.Port == 0 ? _target.Socket.Port : _config.Port;
        _ = ProbeAsync(_context, new IPEndPoint(_target.Socket.Address, port), _config).PipeTo(Self);
    }

    private void OnProbed(Probed probed)
    {
        ActorMeter.Probed(probed.Result.Success);
        HealthState before = _health;
        _health = before.After(probed.Result.Success, _config);
        if (!probed.Result.Success)
        {
            _log.ProbeFailed(_target.Name, _target.Socket, probed.Result.Detail);
        }

        if (_health.Verdict != before.Verdict)
        {
            _log.ProbeVerdict(_target.Name, _target.Socket, probed.Result.Detail, _health.Verdict);
            Context.Parent.Tell(new BackendJudged(_target.Socket, _health.Verdict));
        }

        Timers.StartSingleTimer("next", Probe.Instance, Pause());
    }

    private void OnConfigure(ConfigureProbe configure)
    {
        _config = configure.Config;
        if (Timers.IsTimerActive("next"))
        {
            Timers.StartSingleTimer("next", Probe.Instance, Pause());
        }
    }

    private TimeSpan Pause()
    {
        double spread = 1 + (_config.Jitter * ((2 * _random.NextDouble()) - 1));
        TimeSpan pause = (_config.Interval * spread) - TimeSpan.FromTicks(_context.Now - _started);
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    private static async Task<Probed> ProbeAsync(SiteContext context, IPEndPoint target, HealthConfig config)
    {
        using CancellationTokenSource timeout = new(config.Timeout, context.Clock);
        try
        {
            return new Probed(await context.Prober.ProbeAsync(target, config.Check, timeout.Token));
        }
        catch (OperationCanceledException)
        {
            return new Probed(new ProbeResult(false, $"no answer within {config.Timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception reason)
        {
            return new Probed(new ProbeResult(false, reason.Message));
        }
    }

    private sealed record Probe
    {
        public static readonly Probe Instance = new();
    }

    // One that comes after the backend has left the pool is of no interest.
    private sealed record Probed(ProbeResult Result) : IDeadLetterSuppression;
}
