using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Backends that come up slowly. In a cluster the vote says which step holds; alone the service does.</summary>
internal sealed partial class ServiceActor
{
    private readonly HashSet<Endpoint> _initial = [];
    private readonly Dictionary<Endpoint, long> _stepsSince = [];

    private void OnJudged(BackendJudged judged)
    {
        byte step = judged.Step;
        if (_context.Voters is null && _state?.Members.GetValueOrDefault(judged.Socket) is { } member)
        {
            bool begins = judged.Verdict == HealthVerdict.Up
                && SlowStart.Begins(member.Verdict, _initial.Contains(judged.Socket), _config.Pool.SlowStart);
            step = begins ? (byte)1 : member is { Verdict: HealthVerdict.Up } ? member.Step : (byte)0;
            if (begins)
            {
                _stepsSince[judged.Socket] = _context.Now;
                Timers.StartPeriodicTimer(StepsDue.Instance, StepsDue.Instance, VoteTimes.Tick);
            }
        }

        _initial.Remove(judged.Socket);
        Carry(new ServiceCommand.Judge(judged.Socket, judged.Verdict, step));
    }

    private void OnStepsDue()
    {
        PoolMember[] slow = [.. _state!.Members.Values.Where(member => member.Step > 0)];
        foreach (PoolMember member in slow)
        {
            (byte step, long since) = SlowStart.After(
                member.Step, _stepsSince.GetValueOrDefault(member.Socket), _context.Now, _config.Pool.SlowStart);
            _stepsSince[member.Socket] = since;
            Carry(new ServiceCommand.Judge(member.Socket, member.Verdict, step));
        }

        if (slow.Length == 0)
        {
            _stepsSince.Clear();
            Timers.Cancel(StepsDue.Instance);
        }
    }

    private void SaySteps(PoolMember before, PoolMember after)
    {
        if (before.Step == 0 && after.Step > 0)
        {
            _log.BackendStartsSlowly(_config.Name, after.Name, SlowStart.Steps, _config.Pool.SlowStart.TotalSeconds);
        }
        else if (before.Step > 0 && after is { Step: 0, Verdict: HealthVerdict.Up })
        {
            _log.BackendHasStarted(_config.Name, after.Name);
        }
    }

    private sealed record StepsDue
    {
        public static readonly StepsDue Instance = new();
    }
}
