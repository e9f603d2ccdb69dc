import { queryOptions } from "@tanstack/react-query";
import { getModelDocument, listModels } from "../../api/client";

export const modelsQuery = queryOptions({ queryKey: ["models"], queryFn: ({ signal }) => listModels({ retired: "with", signal }) });

export const modelQuery = (id: string) => queryOptions({ queryKey: ["model", id], queryFn: ({ signal }) => getModelDocument({ id, signal }) });
