using Akka.Actor;

namespace Lb.Actors.Tests;

/// <summary>A node of a <see cref="JournalWorld"/>: a real desk, with a worker that does what a real one does.</summary>
internal sealed class JournalNode(JournalWorld world, string name)
{
    private readonly Dictionary<Guid, Action<object>> _askers = [];
    private JournalDesk? _desk;
    private int _life;
    private int _worker;
    private ModelState? _known;
    private Guid _last;

    public string Name => name;

    public bool IsAlive => _desk is not null;

    /// <summary>What the node has in force; null before it has read the journal.</summary>
    public ModelState? State { get; private set; }

    /// <summary>Whether it has said that the journal is away.</summary>
    public bool IsAway { get; private set; }

    public void Start()
    {
        _desk = new JournalDesk(isShared: true, world.Random);
        int life = ++_life;
        Turn(desk => desk.Start(world.Now));
        Tick(life);
    }

    public void Kill()
    {
        _life++;
        _worker++;
        _desk = null;
        _askers.Clear();
        State = null;
        IsAway = false;
    }

    public void Ask(ModelCommand command, Action<object> answered)
    {
        if (_desk is null)
        {
            return;
        }

        JournalRequest request = new(Guid.NewGuid(), command, ActorRefs.Nobody);
        _askers[request.Id] = answered;
        Turn(desk => desk.Ask(request, world.Now));
    }

    /// <summary>Another node tells what it has.</summary>
    public void Hear(long number) => Turn(desk => desk.OnHeard(number, world.Now));

    private void Tick(int life)
    {
        if (life == _life)
        {
            Turn(desk => desk.Tick(world.Now));
            world.After(JournalWorld.Milliseconds(50), () => Tick(life));
        }
    }

    private void Turn(Action<JournalDesk> turn)
    {
        if (_desk is not { } desk)
        {
            return;
        }

        turn(desk);
        foreach (DeskEffect effect in desk.Drain())
        {
            Carry(effect);
        }
    }

    private void Carry(DeskEffect effect)
    {
        switch (effect)
        {
            case DeskEffect.Open open:
                Open(open);
                break;
            case DeskEffect.Give give:
                Decide(give.Request);
                break;
            case DeskEffect.Repeat repeat:
                Store(repeat.Request, repeat.Write);
                break;
            case DeskEffect.Answer answer:
                _askers.Remove(answer.Request.Id, out Action<object>? asker);
                asker?.Invoke(answer.Text);
                break;
            case DeskEffect.Look look:
                world.Database(() => world.Journal.Count, ForLife(_life, done => Turn(desk =>
                {
                    if (done is int number)
                    {
                        desk.OnLooked(look.Serial, number, world.Now);
                    }
                    else
                    {
                        desk.OnLookFailed(look.Serial, Words(done), world.Now);
                    }
                })));
                break;
            case DeskEffect.Know know:
                State = (ModelState)know.Known;
                IsAway = false;
                TellOthers(know.Number);
                break;
            case DeskEffect.Fail:
                IsAway = true;
                break;
            case DeskEffect.Recover:
                IsAway = false;
                break;
        }
    }

    private void TellOthers(long number)
    {
        foreach (JournalNode other in world.Nodes.Where(other => other != this && world.Random(10) > 0))
        {
            world.After(JournalWorld.Milliseconds(1 + world.Random(5)), () => other.Hear(number));
        }
    }

    private void Open(DeskEffect.Open open)
    {
        int worker = ++_worker;
        world.Database(() => world.Journal.ToArray(), ForWorker(worker, done => Turn(desk =>
        {
            // What is known leads to what is stored only when it is a part of it.
            bool fits = open.IsFull || (done is StoredChange[] read && read.Length >= open.Since
                && (open.Since == 0 || read.Length == open.Since || read[open.Since - 1].Id == _last));
            if (done is StoredChange[] rows && fits)
            {
                if (open.IsFull || rows.Length > open.Since)
                {
                    _known = ModelState.Of(rows);
                    _last = rows.Length == 0 ? Guid.Empty : rows[^1].Id;
                }

                bool isStored = open.Doubt is { } doubt && rows.Length >= doubt.Write.Number
                    && rows[doubt.Write.Number - 1].Id == doubt.Request.Id;
                desk.OnOpened(new JournalOpened(rows.Length, isStored, _known!), world.Now);
            }
            else
            {
                desk.OnBroken(Words(done), world.Now);
            }
        })));
    }

    /// <summary>Weighing takes a while.</summary>
    private void Decide(JournalRequest request)
    {
        int worker = _worker;
        ModelCommand command = (ModelCommand)request.Command;
        world.After(JournalWorld.Milliseconds(world.Random(5)), () => ForWorker(worker, _ =>
        {
            ModelState known = _known!;
            if (command.Change == 0)
            {
                Turn(desk => desk.OnAnswered(new JournalAnswered(request.Id, known), world.Now));
            }
            else if (command.Expected is { } expected && expected != known.Revision)
            {
                Turn(desk => desk.OnAnswered(new JournalAnswered(request.Id, new ConfigRefused(["stale"])), world.Now));
            }
            else if (world.Random(100) < world.Refusals)
            {
                // What it would do to live flows is another thing each time.
                Turn(desk => desk.OnAnswered(new JournalAnswered(request.Id, new ConfigLimited([])), world.Now));
            }
            else
            {
                StoredChange change = new(request.Id, command.Change, command.Key, command.Value);
                Store(request, new JournalWrite(known.Revision + 1, change, known.Revision + 1));
            }
        })(command));
    }

    private void Store(JournalRequest request, JournalWrite write)
    {
        int worker = _worker;

        // The desk hears of it a little later, and may have begun with another worker by then.
        world.After(world.Random(20_000), () => ForWorker(
            worker, _ => Turn(desk => desk.OnWriting(new JournalWriting(request.Id, write), world.Now)))(write));

        // What was sent is done, also when whoever sent it is dead by then.
        world.Database(
            () =>
            {
                if (world.Journal.Count != write.Number - 1)
                {
                    return new IOException("another writer was faster");
                }

                world.Journal.Add((StoredChange)write.Event);
                return write;
            },
            ForWorker(worker, done => Turn(desk =>
            {
                if (done is JournalWrite)
                {
                    StoredChange stored = (StoredChange)write.Event;
                    _last = stored.Id;
                    _known = new ModelState(write.Number, _known!.Values.SetItem(stored.Key, stored.Value));
                    desk.OnWritten(new JournalWritten(request.Id, write.Number, _known, write.Answer));
                }
                else
                {
                    desk.OnBroken(Words(done), world.Now);
                }
            })));
    }

    private Action<object> ForWorker(int worker, Action<object> act) => done =>
    {
        if (worker == _worker)
        {
            act(done);
        }
    };

    private Action<object> ForLife(int life, Action<object> act) => done =>
    {
        if (life == _life)
        {
            act(done);
        }
    };

    private static string Words(object done) => (done as IOException)?.Message ?? $"{done}";
}
