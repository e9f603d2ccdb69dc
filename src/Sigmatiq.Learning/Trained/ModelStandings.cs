using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Learning.Trained;

/// <summary>How far models have come (spec 01 §1.17), read from what happened: sweeps, ticked combos, trainings and decisions. Nothing has to be
/// told of it, so nothing can be out of date.</summary>
public static class ModelStandings
{
    /// <summary>The models with status and next step as things stand.</summary>
    public static async Task<IReadOnlyList<ModelRecord>> OfAsync(IRows rows, IReadOnlyList<ModelRecord> models, CancellationToken ct)
    {
        List<ModelRecord> standing = [];
        foreach (ModelRecord model in models)
        {
            standing.Add(await OfAsync(rows, model, ct));
        }

        return standing;
    }

    /// <summary>One model with status and next step as things stand.</summary>
    public static async Task<ModelRecord> OfAsync(IRows rows, ModelRecord model, CancellationToken ct)
    {
        if (model.IsRetired)
        {
            return model with { NextStep = "restore" };
        }

        Facts facts = (await rows.FirstOrDefaultAsync<Facts>(
            """
            select
                (select count(*) from sweeps where user_id = @UserId and model_id = @Id) as sweeps,
                (select count(*) from sweeps where user_id = @UserId and model_id = @Id and status = 'completed') as completed,
                (select count(*) from combos c join sweeps s on s.sweep_id = c.sweep_id where s.user_id = @UserId and s.model_id = @Id and c.selected = 1) as ticked,
                (select count(*) from training_jobs j join sweeps s on s.sweep_id = j.sweep_id
                    where s.user_id = @UserId and j.model_id = @Id and j.status in ('queued', 'training')) as training,
                (select count(*) from trained_models t join training_jobs j on j.job_id = t.job_id join sweeps s on s.sweep_id = j.sweep_id
                    where s.user_id = @UserId and t.model_id = @Id and t.state = 'trained') as undecided,
                (select count(*) from trained_models t join training_jobs j on j.job_id = t.job_id join sweeps s on s.sweep_id = j.sweep_id
                    where s.user_id = @UserId and t.model_id = @Id and t.state = 'published') as published
            """,
            new { model.UserId, model.Id }, ct))!;
        (string status, string next) = facts switch
        {
            { Published: > 0 } => ("published", "publish"),
            { Undecided: > 0 } => ("configured", "review"),
            { Training: > 0 } => ("configured", "train"),
            { Completed: > 0, Ticked: > 0 } => ("configured", "train"),
            { Completed: > 0 } => ("configured", "select_configs"),
            { Sweeps: > 0 } => ("configured", "run_sweep"),
            _ => (model.Status, model.NextStep),
        };
        return model with { Status = status, NextStep = next };
    }

    private sealed record Facts(int Sweeps, int Completed, int Ticked, int Training, int Undecided, int Published);
}
