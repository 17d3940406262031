using Lb.Pbm.Editing;
using Lb.Pbm.Output;

namespace Lb.Pbm.Running;

/// <summary>Has a person type a line on the terminal. Keys come from the console, the editor does the rest.</summary>
internal sealed class LineReader(Screen screen, LineEditor editor, LineView view)
{
    /// <summary>The line; null when the person wants to go; empty when it was given up.</summary>
    public string? Read()
    {
        // Before the prompt is seen, so that Ctrl-C is a key from then on.
        Console.TreatControlCAsInput = true;
        try
        {
            editor.Start();
            view.Start();
            screen.WriteRaw(view.Draw(editor.Line, screen.Width));
            while (true)
            {
                EditOutcome outcome = editor.Apply(KeyStroke.From(Console.ReadKey(intercept: true)));
                switch (outcome)
                {
                    case EditOutcome.Accepted:
                        Leave("");
                        return editor.Line.Text;
                    case EditOutcome.Abandoned:
                        Leave("^C");
                        return "";
                    case EditOutcome.Left:
                        Leave("");
                        return null;
                    default:
                        Show(outcome);
                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Show(EditOutcome outcome)
    {
        if (outcome == EditOutcome.Cleared)
        {
            screen.WriteRaw("\x1b[H\x1b[2J");
            view.Start();
        }
        else if (outcome == EditOutcome.Listed)
        {
            Leave("");
            screen.WriteLine(CandidateList.Text(editor.Candidates, screen.Width).TrimEnd('\n'));
            view.Start();
        }
        else if (Console.KeyAvailable)
        {
            // More keys wait, as when a line was pasted: it is drawn after the last of them.
            return;
        }

        screen.WriteRaw(view.Draw(editor.Line, screen.Width));
    }

    private void Leave(string mark) => screen.WriteRaw(view.Leave(
        LineText.Of(editor.Line.Text + mark), screen.Width));
}
